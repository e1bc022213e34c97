declare module "virtual:gradus-walks" {
  const walks: readonly import("./walk/example.ts").Example[];
  export default walks;
}
declare module "virtual:gradus-op-facts" {
  const facts: import("./walk/example.ts").Facts;
  export default facts;
}
declare module "virtual:gradus-program-worker" {
  const url: string;
  export default url;
}
declare module "virtual:gradus-plans" {
  const plans: readonly import("./compile/program.ts").PlannedProgram[];
  export default plans;
}
declare module "virtual:gradus-live-cards" {
  const url: string;
  export default url;
}
declare module "virtual:gradus-learning" {
  const learning: import("./landing/learning.ts").Learning;
  export default learning;
}
