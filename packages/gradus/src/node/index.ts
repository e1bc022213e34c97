// The functions that need files or a terminal.

export * from "@gradus/data/node";
export * from "@gradus/train/node";
