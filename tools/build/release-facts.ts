/** The author and the addresses of a release: written once, in the manifest of the root. */

/** Fields of a manifest, as npm defines them. */
export interface ReleaseFacts {
  readonly author: string;
  readonly homepage: string;
  readonly repository: { readonly type: string; readonly url: string };
  readonly bugs: { readonly url: string };
}

/**
 * The facts in the manifest of the root.
 *
 * @throws Error that lists every fact that is not filled in.
 */
export function releaseFacts(manifest: Readonly<Record<string, unknown>>): ReleaseFacts {
  const { author, homepage, repository, bugs } = manifest as Partial<ReleaseFacts>;
  const isAddress = (value: unknown): boolean =>
    typeof value === "string" && /^(git\+)?https:\/\/./.test(value);
  const problems = [
    ...(typeof author === "string" && author.trim() !== "" ? [] : ["author"]),
    ...(isAddress(homepage) ? [] : ["homepage"]),
    ...(repository?.type && isAddress(repository.url) ? [] : ["repository.url"]),
    ...(isAddress(bugs?.url) ? [] : ["bugs.url"]),
  ];
  if (problems.length > 0) {
    throw new Error(
      `release: fill in ${problems.join(", ")} in the package.json of the root (addresses begin with https://)`,
    );
  }
  return { author, homepage, repository, bugs } as ReleaseFacts;
}

/** The manifest of a package with the facts in it. @param directory of the package in the repository. */
export function withFacts(
  manifest: Readonly<Record<string, unknown>>,
  { author, homepage, repository, bugs }: ReleaseFacts,
  directory: string,
): Record<string, unknown> {
  const { name, version, description, keywords, ...rest } = manifest;
  const about = { name, version, description, keywords };
  return { ...about, author, homepage, repository: { ...repository, directory }, bugs, ...rest };
}
