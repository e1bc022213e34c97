import type { Plugin } from "vite";
import { forBundlers } from "../../tools/build/for-bundlers.ts";

/** Leaves out of the ops what only documents need, as in published packages: pages have it in their cards. */
export function opsForPages(): Plugin {
  return {
    name: "gradus-ops-for-pages",
    transform: {
      // After the types are gone.
      order: "post",
      handler: (code, id) =>
        /packages\/\w+\/src\/ops\/.*\.ts$/.test(id) ? { code: forBundlers(code, id), map: null } : undefined,
    },
  };
}
