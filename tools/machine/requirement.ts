/** A program or library of the machine that Ballast's demo, tests or benchmarks run. */
export interface Requirement {
  /** Debian's package that brings it. */
  package: string
  /** What it is, as the set-up says it. */
  what: string
  /** Programs that must all be found, on PATH or in the newest PostgreSQL's directory; or paths of files that must exist. */
  programs: readonly string[]
  /** Needed by `npm run bench`, the handover (load tests, drills, report), baking images or `npm test` alone. */
  onlyFor?: Purpose | readonly Purpose[]
  /** The release's own version may be too old; its backports have a newer one. */
  backports?: true
}

/** What a set-up may be for, beside the demo. */
export type Purpose = 'bench' | 'handover' | 'images' | 'test'
