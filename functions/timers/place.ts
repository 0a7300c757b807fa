/** Where Ballast lies on the machine. */
export interface InstallPlace {
  /** Absolute path of the launcher, `bin/ballast`. */
  program: string
  /** Absolute path of the cluster's definition. */
  definition: string
}
