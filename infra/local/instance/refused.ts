/** The instance cannot start as asked; the message says what to do, so no stack is shown. */
export class StartRefused extends Error {}
