/** Faults of disks and folders, and Ctrl-C: the message, and whether training resumes from the last good checkpoint. */
import { type ChildProcess, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { runTraining } from "./program.ts";

/** A fault and its outcome. */
export interface Outcome {
  readonly name: string;
  /** `"ok"`, the error, or the reason why it could not be tried here. */
  readonly result: string;
  readonly passed: boolean;
  /** The message of the training. */
  readonly said: string;
}

interface Fault {
  readonly name: string;
  /** The exit code, and what standard error must say. */
  readonly code: number;
  readonly says: RegExp;
  /** Whether the training must have saved something before. */
  readonly savedBefore?: boolean;
  /** Makes the folder fail. @returns false if that is not possible here. */
  spoil?(dir: string): boolean;
  /** Called when training has begun. */
  disturb?(child: ChildProcess, dir: string): void;
  mend?(dir: string): void;
}

/** Only the superuser may, and not in every container. */
function mount(dir: string, options: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", dir], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const isRoot = process.getuid?.() === 0;

/** Waits for the first checkpoint, so that training has begun. */
function onceSaved(dir: string, act: () => void): void {
  const timer = setInterval(() => {
    if (!readdirSync(dir).some((name) => name.endsWith(".safetensors"))) return;
    clearInterval(timer);
    act();
  }, 2);
}

const faults: readonly Fault[] = [
  {
    name: "Ctrl-C",
    code: 130,
    says: /^$/,
    disturb: (child, dir) => onceSaved(dir, () => child.kill("SIGINT")),
  },
  {
    name: "a full disk",
    code: 1,
    says: /StorageError: .*the disk is full \(ENOSPC\)/,
    // Room for one checkpoint and some more.
    spoil: (dir) => mount(dir, "size=100k"),
    mend: (dir) => execFileSync("mount", ["-o", "remount,size=10m", dir]),
  },
  {
    name: "a disk that can only be read",
    code: 1,
    says: /StorageError: .*the disk can only be read \(EROFS\)/,
    savedBefore: true,
    spoil: (dir) => mount(dir, "remount,ro"),
    mend: (dir) => execFileSync("mount", ["-o", "remount,rw", dir]),
  },
  {
    name: "a folder without permission",
    code: 1,
    says: /StorageError: .*permission is denied/,
    savedBefore: true,
    spoil(dir) {
      if (isRoot) return false; // the superuser has all permissions
      chmodSync(dir, 0o500);
      return true;
    },
    mend: (dir) => chmodSync(dir, 0o700),
  },
  {
    name: "a folder that vanishes",
    code: 1,
    says: /StorageError: .*no such folder or file; was it removed\? \(ENOENT\)/,
    disturb: (_, dir) => onceSaved(dir, () => renameSync(dir, `${dir}-elsewhere`)),
    mend: (dir) => renameSync(`${dir}-elsewhere`, dir),
  },
];

/** Tries all of them. @param digest of the undisturbed training. */
export async function failDisks(program: string, folder: string, digest: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [i, fault] of faults.entries())
    outcomes.push(await attempt(fault, program, join(folder, `disk-${i}`), digest));
  return outcomes;
}

async function attempt(fault: Fault, program: string, dir: string, digest: string): Promise<Outcome> {
  const { name, code, says, savedBefore, spoil, disturb, mend } = fault;
  mkdirSync(dir);
  if (savedBefore) {
    mount(dir, "size=10m");
    await runTraining(program, dir, (child) => onceSaved(dir, () => child.kill("SIGINT")));
  }
  try {
    if (spoil && !spoil(dir))
      return { name, result: "not tried: it cannot be had here", passed: true, said: "" };
    const ending = await runTraining(program, dir, disturb && ((child) => disturb(child, dir)));
    const said = ending.errors.trim().replaceAll(dir, "…");
    mend?.(dir);
    const fail = (result: string): Outcome => ({ name, result, passed: false, said });
    if (ending.code !== code || !says.test(said))
      return fail(`exit code ${ending.code}, not ${code}, or another message`);
    if (!readdirSync(dir).some((file) => file.endsWith(".safetensors"))) return fail("no checkpoint is left");
    const rest = await runTraining(program, dir);
    if (rest.digest !== digest) return fail(`it did not go on to the same weights: ${rest.errors.trim()}`);
    if (readdirSync(dir).some((file) => file.includes(".tmp-"))) return fail("half a file is left");
    return { name, result: "went on to the same weights", passed: true, said };
  } finally {
    try {
      execFileSync("umount", [dir], { stdio: "ignore" });
    } catch {} // was none
  }
}
