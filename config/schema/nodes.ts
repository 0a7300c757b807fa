import { flag, integer, optional, preset } from './leaf.ts'
import { address, bytes } from './quantity.ts'
import { oneOf, section } from './section.ts'
import { hostName, region, slug, sqlName } from './texts.ts'

/** One machine. */
export const node = section({
  /** Host name and the standby's `application_name`. */
  name: slug('db-1'),
  /** `docker` runs the application, `primary` takes the writes, a `replica` streams from it. */
  role: oneOf('docker', 'primary', 'replica'),
  /** Its private address: what the other nodes reach it by. */
  address: address(),
  /** Its public address, where it has one. */
  publicAddress: optional(address()),
  /** The name on its certificate; the address serves where it is left out. */
  hostName: optional(hostName('db-1.internal')),
  /** Where it runs, when that is not the cluster's region. */
  region: optional(region()),
  /** What the machine has, for planning; the tuner measures what it really got. */
  cpus: optional(integer(1, 1024, 2)),
  memory: optional(bytes('4 GiB', { min: '512 MB' })),
  disk: optional(bytes('80 GB', { min: '4 GB' })),
  /** The replication slot on the primary; `ballast_` and the node's name where it is left out. Replicas only. */
  slot: optional(sqlName('ballast_db_2')),
  /** Whether the application may read from it. Replicas only. */
  serveReads: preset(flag(), false),
})
