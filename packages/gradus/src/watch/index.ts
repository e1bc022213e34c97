// Looking at the steps of a program.

export * from "@gradus/core/watch";
