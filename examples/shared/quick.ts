/** The last line of a quick run: its tables look like those of the documentation. */
export function tooShortToJudge(page: string): string {
  return `\nThis was a quick run, too short to judge: its tables may contradict those of ${page}. For those leave out --quick.`;
}
