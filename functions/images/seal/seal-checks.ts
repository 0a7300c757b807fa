import { accountChecks } from './account-checks.ts'
import { cloudChecks } from './cloud-checks.ts'
import { identityChecks } from './identity-checks.ts'
import { permissionChecks } from './permission-checks.ts'
import { placeChecks } from './place-checks.ts'
import type { SealCheck } from './seal-check.ts'
import { secretChecks } from './secret-checks.ts'
import { traceChecks } from './trace-checks.ts'

/** Every check of a sealed image, the more specific before the more general. */
export const sealChecks: readonly SealCheck[] = [
  ...identityChecks,
  ...cloudChecks,
  ...placeChecks,
  ...traceChecks,
  ...accountChecks,
  ...permissionChecks,
  ...secretChecks,
]
