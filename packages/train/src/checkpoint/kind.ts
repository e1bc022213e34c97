/** The entry in a file's metadata that says what gradus wrote it as: `"weights"` or `"checkpoint"`. @internal */
export const KIND = "gradus";

/** What the names of a net's tensors begin with in a checkpoint. @internal */
export const NET = "net/";
