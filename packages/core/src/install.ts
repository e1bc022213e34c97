import { blockedProduct } from "./blocked.ts";
import { checkGiven } from "./check-given.ts";
import { useTakeGiven } from "./given.ts";
import { formatTensor } from "./print.ts";
import { useProduct } from "./product.ts";
import { formatShape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

// The effects of importing core, besides the methods of tensors (fluent.ts).

useProduct(blockedProduct);
useTakeGiven(checkGiven);

Object.defineProperty(Tensor.prototype, "toString", {
  value(this: Tensor): string {
    return formatTensor(this.data, this.shape);
  },
  writable: true,
  configurable: true,
});

/** Node calls it for `console.log(x)`. */
Object.defineProperty(Tensor.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: Tensor): string {
    const kind = this.constructor.name.toLowerCase();
    const { unknown } = this.storage;
    if (unknown !== null) return `${kind}(${unknown}, shape=${formatShape(this.shape)})`;
    const numbers = this.toString().replaceAll("\n", `\n${" ".repeat(kind.length + 1)}`);
    return `${kind}(${numbers}, shape=${formatShape(this.shape)})`;
  },
});
