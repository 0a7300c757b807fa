import type { Drill } from './drill.ts'
import { failover } from './failover.ts'
import { lagUnderLoad } from './lag-under-load.ts'
import { poolExhaustion } from './pool-exhaustion.ts'
import { rejoin } from './rejoin.ts'
import { replicaCutOff } from './replica-cut-off.ts'
import { stress } from './stress.ts'

/** Every drill; config/drills.ts has their order. */
export const allDrills: readonly Drill[] = [failover, lagUnderLoad, poolExhaustion, rejoin, replicaCutOff, stress]
