import { integer, preset } from './leaf.ts'
import { cidr } from './quantity.ts'
import { list, section } from './section.ts'

/** Who may reach what: the only source of nftables rules and of security groups. */
export const firewall = section(
  {
    /** May use SSH on every node and PostgreSQL directly. Never empty, and never the whole Internet. */
    admin: list(cidr(), { min: 1, example: "'203.0.113.7/32'" }),
    /** The application: may use PgBouncer. */
    app: list(cidr(), { min: 1, example: "'10.0.0.10/32'" }),
    /** Primary and replicas among themselves. */
    replica: preset(list(cidr()), []),
    /** May scrape the exporters. */
    monitor: preset(list(cidr()), []),
    /** Ports of the docker node that the world may reach. */
    publicPorts: preset(list(integer(1, 65_535, 443)), [80, 443]),
    sshPort: preset(integer(1, 65_535, 22), 22),
  },
  "{ admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'] }",
)
