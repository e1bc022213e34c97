import { blockedProduct } from "./blocked.ts";
import { useProduct } from "./product.ts";

// Importing core chooses its faster product.
useProduct(blockedProduct);
