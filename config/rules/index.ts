import { type Problem, touches } from '../problems.ts'
import type { ParsedCluster } from '../schema/cluster.ts'
import { alertRules } from './alerts.ts'
import { baseImageRules } from './base-images.ts'
import { dockerRules } from './docker.ts'
import { imageRules } from './images.ts'
import { machineRules } from './machines.ts'
import { nameRules } from './names.ts'
import { networkRules } from './network.ts'
import { settingRules } from './owned-settings.ts'
import { poolRules } from './pool.ts'
import { promiseRules } from './promises.ts'
import type { Rule } from './rule.ts'
import { scheduleRules } from './schedule.ts'
import { storeRules } from './stores.ts'
import { topologyRules } from './topology.ts'

const RULES: readonly Rule[] = [
  ...topologyRules,
  ...poolRules,
  ...settingRules,
  ...nameRules,
  ...networkRules,
  ...storeRules,
  ...scheduleRules,
  ...alertRules,
  ...imageRules,
  ...baseImageRules,
  ...machineRules,
  ...dockerRules,
  ...promiseRules,
]

/**
 * What is wrong between the fields of a definition. `found` are the problems of single fields: a rule that needs one of
 * those is left out, and everything that the others read is there.
 */
export function ruleProblems(value: unknown, found: readonly Problem[]): Problem[] {
  return RULES.filter(({ needs }) => !found.some(({ path }) => needs.some((need) => touches(path, need)))).flatMap((rule) =>
    rule.check(value as ParsedCluster),
  )
}
