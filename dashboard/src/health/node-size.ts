/** Size of a node of the map, px of the drawing. */
export const NODE_WIDTH = 126;
export const NODE_HEIGHT = 50;
