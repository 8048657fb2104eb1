/** A style sheet is imported for its effect: Vite fetches it with the chunk that names it. */
declare module '*.css';
