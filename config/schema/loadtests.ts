import { integer, optional, preset } from './leaf.ts'
import { milliseconds, percent, perSecond, seconds } from './quantity.ts'
import { mapOf, section } from './section.ts'
import { url } from './texts.ts'

const goals = section({
  /** Requests that the system must take. */
  rate: preset(perSecond('50 /s'), '50 /s'),
  /** Requests that may be lost at that rate: `under 5 %`. */
  maxLost: preset(percent('5 %', { min: '0 %' }), '5 %'),
  p95: preset(milliseconds('200 ms'), '200 ms'),
  p99: preset(milliseconds('500 ms'), '500 ms'),
  /** Answers that are right, of those that came. */
  minSuccess: preset(percent('99.9 %'), '99.9 %'),
  /** Websockets that stay connected. */
  websockets: preset(integer(0, 100_000, 100), 100),
})

const profiles = section({
  /** Plateau of the stress profile; twice the goal where it is left out. */
  stressRate: optional(perSecond('100 /s')),
  /** Peak of the spike profile; five times the goal where it is left out. */
  spikeRate: optional(perSecond('250 /s')),
  /** The breakpoint profile ends here at the latest; at twenty times the goal where it is left out. */
  breakpointRate: optional(perSecond('1000 /s')),
  averageDuration: preset(seconds('10 min'), '10 min'),
  stressDuration: preset(seconds('10 min'), '10 min'),
  soakDuration: preset(seconds('4 hours'), '4 hours'),
})

const pgbench = section({
  clients: preset(integer(1, 10_000, 200), 200),
  duration: preset(seconds('60 s'), '60 s'),
  /** Transactions a second; as many as possible where it is left out. */
  rate: optional(perSecond('200 /s')),
  /** Transactions slower than this are counted late. */
  latency: preset(milliseconds('200 ms'), '200 ms'),
})

const limits = section({
  virtualUsers: preset(integer(1, 100_000, 500), 500),
  duration: preset(seconds('12 hours'), '12 hours'),
})

/** What the system must hold, and what may be done to it to find out. Load goes to these targets and to loopback only. */
export const loadtests = section({
  /** The application's services by name, such as `entries`, `consolidation` or `websocket`. */
  targets: preset(
    mapOf(
      /^[a-z][a-z0-9-]{0,39}$/,
      'small letters, digits and dashes',
      url('https://app.example.com', 'https', 'http', 'wss', 'ws'),
    ),
    {},
  ),
  goals: preset(goals, {}),
  profiles: preset(profiles, {}),
  pgbench: preset(pgbench, {}),
  limits: preset(limits, {}),
})
