import type { Drill } from './drill.ts'

/** Every drill; config/drills.ts has their order. */
export const allDrills: readonly Drill[] = []
