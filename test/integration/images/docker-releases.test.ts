import { afterAll, beforeAll, test as everywhere, expect } from 'vitest'
import { envFile, stackSecrets } from '../../../packer/docker-environment.ts'
import { sampleCluster } from '../../support/definitions.ts'
import { dockerNode } from '../../support/images/docker-definition.ts'
import { type DockerNode, openDockerNode } from '../../support/images/docker-node.ts'
import { makeImages } from '../../support/images/make-images.ts'
import { NetworkNamespace, networksCanBeMade } from '../../support/images/network-namespace.ts'
import { Runbook } from '../../support/runbooks/runbook.ts'

const test = everywhere.runIf(networksCanBeMade)
const cluster = sampleCluster(dockerNode)
const shop = 'registry.example.com/shop'
/** Of every kind of character that a shell or Compose could trip over. */
const password = `postgres://app:p'a"s$s\\w{o}r#d %\n$$@10.0.0.11/shop`
let node: DockerNode

beforeAll(async () => {
  node = await openDockerNode(cluster, await NetworkNamespace.open())
  await node.startDocker()
  await makeImages(node, '1.4.2', '1.5.0', '1.6.0-sick', '1.7.0-idle', '1.8.0')
})
afterAll(() => node?.close())

/** Running containers of a stack as `service image`, each kind once. */
async function running(stack = 'production'): Promise<string[]> {
  const format = '{{.Label "com.docker.compose.service"}} {{.Image}}'
  const said = await node.done(
    `docker ps --filter label=com.docker.compose.project=ballast-${stack} --format '${format}' | sort | uniq -c`,
  )
  return said
    .split('\n')
    .filter(Boolean)
    .map((line) => line.trim())
}

const application = (tag: string): string[] => [
  `1 cable ${shop}:${tag}`,
  '1 redis redis:8.2.1',
  `1 scheduler ${shop}:${tag}`,
  `2 web ${shop}:${tag}`,
  `1 worker ${shop}:${tag}`,
]

const identifiers = (service: string): Promise<string> =>
  node.done(`docker ps --quiet --no-trunc --filter label=com.docker.compose.service=${service} | sort`)

test('a stack whose secrets nobody brought says which variables are missing, and changes nothing', async () => {
  const { code, stderr } = await node.sh('ballast-release deploy production')
  expect(stderr).toBe(
    "ballast-release: /srv/ballast/production/.env lacks WEB__DATABASE_URL: write them there, each as NAME='value'\n",
  )
  expect(code).toBe(1)
  expect(await running()).toEqual([])
  expect(await node.done('ls -A /srv/ballast/production/releases; rm /srv/ballast/production/.env')).toBe('')
})

test("the first release has the definition's images, and variables of which nothing is lost", async () => {
  const secrets = stackSecrets(cluster, 'production').map(({ name }) => ({ name, value: password }))
  await node.done(
    'mkdir -m 700 /etc/ballast/secrets && umask 077 && cat >/etc/ballast/secrets/production.env',
    envFile(secrets),
  )
  expect(await node.done('ballast-release deploy production 2>/dev/null')).toBe(
    'production: release 0001 runs and is healthy\n',
  )
  expect(await running()).toEqual(application('1.4.2'))
  expect(await node.done('stat -c "%U %a" /srv/ballast/production/.env')).toBe('root 600\n')
  const [web = ''] = (await identifiers('web')).split('\n')
  expect(await node.done(`docker exec ${web} sh -c 'echo "$DATABASE_URL"; echo "$SHOP_GREETING"'`)).toBe(
    `${password}\nit's $5 \\ {a} "b" #c\n`,
  )
})

test('containers have limits, no new privileges and separate networks', async () => {
  const format =
    '{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}} {{.HostConfig.SecurityOpt}} {{.HostConfig.ReadonlyRootfs}}'
  const [redis = ''] = (await identifiers('redis')).split('\n')
  expect(await node.done(`docker inspect --format '${format}' ${redis}`)).toBe(
    '64000000 unless-stopped [no-new-privileges:true] true\n',
  )
  const [web = ''] = (await identifiers('web')).split('\n')
  const networks = '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}'
  expect(await node.done(`docker inspect --format '${networks}' ${redis} ${web}`)).toBe(
    'ballast-production_redis \nballast-edge-production ballast-production_default ballast-production_redis \n',
  )
  // The application reaches Redis by its name, and Redis keeps what it is told.
  expect(await node.done(`docker exec ${web} sh -c 'printf "SET job 1\\r\\nQUIT\\r\\n" | nc redis 6379'`)).toBe(
    '+OK\r\n+OK\r\n',
  )
  expect(await node.done(`docker exec ${redis} redis-cli config get maxmemory`)).toBe('maxmemory\n48000000\n')
  const [scheduler = ''] = (await identifiers('scheduler')).split('\n')
  expect(await node.done(`docker inspect --format '{{json .Config.Cmd}}' ${scheduler}`)).toBe(
    '["bin/scheduler","$HOME","a$$b"]\n',
  )
})

test('a new release starts beside the old one, which stops once the new one is healthy', async () => {
  const since = (await node.done('date +%s')).trim()
  const old = (await identifiers('web')).trim().split('\n')
  await node.done(`ballast-release deploy production ${shop}:1.5.0`)
  expect(await running()).toEqual(application('1.5.0'))
  const events = await node.done(
    `docker events --since ${since} --until $(date +%s) --filter label=com.docker.compose.service=web --format '{{.Action}} {{.ID}}'`,
  )
  const seen = events.split('\n').map((line) => line.split(/ (?=\w+$)/) as [string, string])
  const untilFirstEnd = seen.slice(
    0,
    seen.findIndex(([action, id]) => action === 'die' && old.includes(id)),
  )
  const healthy = untilFirstEnd.filter(([action, id]) => action === 'health_status: healthy' && !old.includes(id))
  expect(new Set(healthy.map(([, id]) => id)).size).toBe(2)
  const [redis = ''] = (await identifiers('redis')).split('\n')
  expect(await node.done(`docker exec ${redis} redis-cli get job`)).toBe('1\n')
})

test('a release whose web is sick is left again, and the one before has served all the time', async () => {
  const before = await identifiers('web')
  const { code, stderr } = await node.sh(`ballast-release deploy production ${shop}:1.6.0-sick`)
  expect(code).toBe(1)
  expect(stderr).toContain('wget: server returned error: HTTP/1.1 404 Not Found')
  expect(stderr).toMatch(/ballast-release: release 0003 of production did not become healthy: release 0002 runs on\n$/)
  expect(await identifiers('web')).toBe(before)
  expect(await running()).toEqual(application('1.5.0'))
})

test('a release whose worker ends at once is left again as a whole', async () => {
  const { code, stderr } = await node.sh(`ballast-release deploy production ${shop}:1.7.0-idle`)
  expect(code).toBe(1)
  expect(stderr).toContain('nothing to do')
  expect(stderr).toMatch(/ballast-release: release 0004 of production did not become healthy: release 0002 runs on\n$/)
  expect(await running()).toEqual(application('1.5.0'))
})

test('a deployment that is interrupted goes back', async () => {
  const interrupted = `ballast-release deploy production ${shop}:1.8.0 >/dev/null 2>&1 & deploying=$!
    until docker ps --format '{{.Image}}' | grep -q :1.8.0; do sleep 0.1; done
    kill -TERM $deploying; wait $deploying`
  expect((await node.sh(interrupted)).code).toBe(1)
  expect(await running()).toEqual(application('1.5.0'))
})

test('one command goes back to the release before', async () => {
  expect(await node.done('ballast-release rollback production 2>/dev/null')).toMatch(
    /production: release 0001 runs and is healthy\n$/,
  )
  expect(await running()).toEqual(application('1.4.2'))
  const states = (await node.done('ballast-release list production'))
    .split('\n')
    .map((line) => line.replace(/ {2}20\S+ /, '').slice(0, 14))
  expect(states).toEqual(['  0005 failed ', '  0004 failed ', '  0003 failed ', '  0002 left   ', '* 0001 ran    ', ''])
  const again = await node.sh('ballast-release rollback production')
  expect(again).toMatchObject({ code: 1, stderr: 'ballast-release: there is no release of production before 0001\n' })
})

test('images that no release needs any more are removed, and those of the other environment stay', async () => {
  await node.done('cp /etc/ballast/secrets/production.env /etc/ballast/secrets/staging.env')
  await node.done(`ballast-release deploy staging ${shop}:1.7.0-idle`).catch(() => undefined)
  await node.done(`ballast-release deploy staging ${shop}:1.5.0`)
  await node.done(`ballast-release deploy production ${shop}:1.8.0`)
  const tags = await node.done(`docker image ls --format '{{.Tag}}' ${shop} | sort`)
  // The release before is kept for a rollback; staging runs 1.5.0.
  expect(tags).toBe('1.4.2\n1.5.0\n1.8.0\n')
  expect(await running('staging')).toEqual(application('1.5.0'))
})

test('what names no exact image of the stack is refused', async () => {
  const refused = async (args: string): Promise<string> => (await node.sh(`ballast-release ${args}`)).stderr
  expect(await refused(`deploy production ${shop}:latest`)).toContain('names no exact image: write IMAGE:TAG')
  expect(await refused(`deploy production ${shop}`)).toContain('names no exact image')
  expect(await refused('deploy production nginx:1.29')).toContain(`no service of production runs nginx; it has: redis ${shop}`)
  expect(await refused('deploy testing')).toContain("there is no stack 'testing'; there are: edge production staging")
  expect((await node.sh('ballast-release')).code).toBe(2)
})

test('the engine restarts without its containers, and the machine stops and starts a stack', async () => {
  const before = await node.done("docker inspect --format '{{.State.Pid}}' $(docker ps --quiet) | sort")
  await node.startDocker()
  expect(await node.done("docker inspect --format '{{.State.Pid}}' $(docker ps --quiet) | sort")).toBe(before)
  await node.done('ballast-release stop production')
  expect(await running()).toEqual([])
  await node.done('ballast-release start production')
  expect(await running()).toEqual(application('1.8.0'))
})

test('the runbooks send the application to another primary, and give it another password', async () => {
  const values = { APP: '10.0.0.10', DATABASE: 'shop', OWNER: 'app', UNIT: 'postgresql@17-main' }
  const places = {
    onMachine: () => Promise.reject(new Error('there is no operator here')),
    onNode: (_: string, script: string, input: string) => node.sh(script, input),
  }
  /** What the containers of production's `web` have, each once. */
  const urls = async (): Promise<string[]> => {
    const filters = ['com.docker.compose.project=ballast-production', 'com.docker.compose.service=web']
    const ids = `docker ps --quiet ${filters.map((label) => `--filter label=${label}`).join(' ')}`
    const lines = (await node.done(`docker inspect --format '{{json .Config.Env}}' $(${ids})`)).trim().split('\n')
    const found = lines.flatMap((line) => (JSON.parse(line) as string[]).filter((text) => text.startsWith('DATABASE_URL=')))
    return [...new Set(found)]
  }
  const lost = new Runbook('lost-primary', { ...values, OLD: '10.0.0.11', NEW: '10.0.0.12' }, places)
  await lost.follow('5. Send the application there')
  expect(await urls()).toEqual([`DATABASE_URL=${password.replace('10.0.0.11', '10.0.0.12')}`])
  const rotate = { ...values, PRIMARY: '10.0.0.12', REPLICA: '10.0.0.11', CONFIG: '/etc/postgresql/17/main' }
  await new Runbook('rotate-secrets', rotate, places).follow('Give it to the application', { input: 'N3wSecret\n' })
  expect(await urls()).toEqual(['DATABASE_URL=postgres://app:N3wSecret@10.0.0.12/shop'])
})
