import { diskFilling } from './disk-filling.ts'
import type { Drill } from './drill.ts'
import { failover } from './failover.ts'
import { lagUnderLoad } from './lag-under-load.ts'
import { pointInTime } from './point-in-time.ts'
import { poolExhaustion } from './pool-exhaustion.ts'
import { portExposure } from './port-exposure.ts'
import { rejoin } from './rejoin.ts'
import { replicaCutOff } from './replica-cut-off.ts'
import { restoreAndCompare } from './restore.ts'
import { secretRotation } from './secret-rotation.ts'
import { storeUnreachable } from './store-unreachable.ts'
import { stress } from './stress.ts'
import { tlsAndPasswords } from './tls-and-passwords.ts'

/** Every drill; config/drills.ts has their order. */
export const allDrills: readonly Drill[] = [
  diskFilling,
  failover,
  lagUnderLoad,
  pointInTime,
  poolExhaustion,
  portExposure,
  rejoin,
  replicaCutOff,
  restoreAndCompare,
  secretRotation,
  storeUnreachable,
  stress,
  tlsAndPasswords,
]
