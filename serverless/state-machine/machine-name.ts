import type { Cluster } from '../../config/cluster.ts'
import { arn, logicalId, type Value } from '../cloudformation.ts'

/** The state machines that there can be, each of the function that does its steps. */
export const machines = ['fan-out', 'fan-restore'] as const

export type Machine = (typeof machines)[number]

/** Logical id of a state machine. */
export function machineId(machine: Machine): string {
  return logicalId(machine, 'machine')
}

/** The name of a state machine in its account and region. */
export function machineName({ name }: Cluster, machine: Machine): string {
  return `ballast-${name}-${machine}`
}

/** Its ARN, for what the state machine itself depends on. */
export function machineArn(cluster: Cluster, machine: Machine): Value {
  return arn('states', `stateMachine:${machineName(cluster, machine)}`)
}

/** Log groups of such a name need no resource policy of their own, of which an account has few. */
export function machineLogGroup(cluster: Cluster, machine: Machine): string {
  return `/aws/vendedlogs/states/${machineName(cluster, machine)}`
}
