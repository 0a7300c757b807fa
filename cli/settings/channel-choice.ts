import type { Cluster } from '../../config/cluster.ts'
import { configFailure } from './config-failure.ts'

/**
 * The channels that the options point to: one, those of a severity in their order, or all.
 *
 * @throws Failure of kind `config` when there is no definition, or none such in it.
 */
export function chooseChannels(
  { channel, severity }: { channel?: string; severity?: 'critical' | 'warning' },
  definition: Cluster | undefined,
): { definition: Cluster; names: readonly string[] } {
  if (definition === undefined) {
    throw configFailure(
      'there is no definition that could have channels',
      '--config',
      'Run it where ballast.config.ts is, or name a definition with --config.',
    )
  }
  const { channels } = definition.alerts
  if (channels.length === 0) {
    throw configFailure('the definition has no alert channels', 'alerts.channels', 'Add at least one to `alerts.channels`.')
  }
  const all = channels.map(({ name }) => name)
  const routed = severity === undefined ? all : definition.alerts[severity]
  if (channel === undefined) return { definition, names: routed }
  if (routed.includes(channel)) return { definition, names: [channel] }
  const whose = severity === undefined ? 'the definition' : `the severity ${severity}`
  throw configFailure(`${whose} has no channel "${channel}"`, '--channel', `It has: ${routed.join(', ')}.`)
}
