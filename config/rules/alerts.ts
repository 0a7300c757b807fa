import { type Rule, repeated, unknownNames, when } from './rule.ts'

const channels: Rule = {
  needs: ['alerts.channels', 'alerts.critical', 'alerts.warning'],
  check: ({ alerts }) => {
    const names = alerts.channels.map(({ name }) => name)
    return [
      ...repeated(
        alerts.channels,
        ({ name }) => name,
        (index) => `alerts.channels[${index}].name`,
        'give every channel its own name',
      ),
      ...(['critical', 'warning'] as const).flatMap((severity) => {
        const routed = alerts[severity] ?? []
        if (routed.length > 0 && names.length === 0) {
          return [{ path: `alerts.${severity}`, rule: 'names channels, but there is none', fix: 'add it to alerts.channels' }]
        }
        return unknownNames(routed, names, 'channel', (index) => `alerts.${severity}[${index}]`)
      }),
    ]
  },
}

const hysteresis: Rule = {
  needs: ['alerts.raiseAfter', 'alerts.outOf'],
  check: ({ alerts: { raiseAfter, outOf } }) =>
    when(raiseAfter > outOf, 'alerts.raiseAfter', `${raiseAfter} bad polls of ${outOf} never come`, `write at most ${outOf}`),
}

const smtp: Rule = {
  needs: ['alerts.channels'],
  check: ({ alerts }) =>
    alerts.channels.flatMap((channel, index) =>
      when(
        channel.type === 'email' && channel.smtp?.user !== undefined && channel.smtp.password === undefined,
        `alerts.channels[${index}].smtp.password`,
        'is missing for the user',
        "add password: secret('name')",
      ),
    ),
}

/** Whoever can read the way may change a heartbeat or an alert; loopback is for tests and relays. */
const plainHttp: Rule = {
  needs: ['alerts.channels', 'freshness.heartbeat'],
  check: ({ alerts, freshness }) => {
    const targets = alerts.channels.map((channel, index) => ({
      path: `alerts.channels[${index}].url`,
      url: channel.type === 'webhook' ? channel.url : undefined,
    }))
    const heartbeat = { path: 'freshness.heartbeat.url', url: freshness.heartbeat?.url }
    return [...targets, heartbeat].flatMap(({ path, url }) => {
      if (typeof url !== 'string') return []
      const { protocol, hostname } = new URL(url)
      const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
      return when(protocol === 'http:' && !local, path, 'is plain http outside this machine', 'write https')
    })
  },
}

export const alertRules: readonly Rule[] = [channels, hysteresis, smtp, plainHttp]
