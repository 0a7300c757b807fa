/** What load tests are called; the first is the quickest. */
export const loadProfiles = ['smoke', 'average', 'stress', 'spike', 'soak', 'breakpoint'] as const

export type LoadProfile = (typeof loadProfiles)[number]
