import type { Cluster } from '../../config/cluster.ts'
import { arn, type Value } from '../cloudformation.ts'

/** Logical id of the state machine. */
export const machineId = 'FanOutMachine'

/** The name of the state machine in its account and region. */
export function machineName({ name }: Cluster): string {
  return `ballast-${name}-fan-out`
}

/** Its ARN, for what the state machine itself depends on. */
export function machineArn(cluster: Cluster): Value {
  return arn('states', `stateMachine:${machineName(cluster)}`)
}

/** Log groups of such a name need no resource policy of their own, of which an account has few. */
export function machineLogGroup(cluster: Cluster): string {
  return `/aws/vendedlogs/states/${machineName(cluster)}`
}
