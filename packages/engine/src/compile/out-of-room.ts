/** The engine's memory is full: a plan must do without it. */
export class OutOfRoom extends Error {}
