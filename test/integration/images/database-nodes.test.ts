import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemdBoots } from '../../support/booted-systemd.ts'
import { type DatabaseNode, hostVersions, passwords } from '../../support/database-node.ts'
import { bootDatabasePair, type DatabasePair } from '../../support/database-pair.ts'

const { postgres: version } = await hostVersions()
const server = `postgresql@${version}-main.service`
const services = `${server} pgbouncer.service prometheus-postgres-exporter.service`

describe.runIf(systemdBoots)('a primary and a replica, made from the files of their images', () => {
  let primary: DatabaseNode
  let replica: DatabaseNode
  let close: DatabasePair['close']

  /** What a client gets to see of a login through PgBouncer, over TCP and TLS. */
  async function login(
    node: DatabaseNode,
    user: string,
    password: string,
    database = 'shop',
    tls = 'require',
  ): Promise<string> {
    const conninfo = `host=${node.node.address} port=6432 user=${user} dbname=${database} sslmode=${tls}`
    return await node.sh(
      `PGPASSWORD='${password}' psql -XAtq '${conninfo}' -c 'SELECT current_user, current_database()' 2>&1 || true`,
    )
  }

  beforeAll(async () => {
    const pair = await bootDatabasePair(services)
    ;({ primary, replica } = pair)
    close = pair.close
  })
  afterAll(() => close())

  test('the bake did what its checks look for', () => {
    const nothing = { 'set-postgres': '', 'set-tuner': '', 'set-pgbouncer': '', 'set-pgbackrest': '', 'set-first-boot': '' }
    expect(primary.findings).toEqual(nothing)
    expect(replica.findings).toEqual(nothing)
  })

  test('the primary has the roles and databases of the definition, with checksums', async () => {
    expect(
      await primary.sql('SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE NOT datistemplate ORDER BY 1'),
    ).toBe('led-ger|shop_owner\npostgres|postgres\nshop|shop_owner')
    expect(await primary.sql('SHOW data_checksums')).toBe('on')
    const roles = "SELECT rolname, rolsuper, rolreplication FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1"
    expect(await primary.sql(roles)).toBe(
      [
        ...['ballast_backup|f|f', 'ballast_monitor|f|f', 'ballast_replication|f|t', 'pgbouncer|f|f'],
        ...['postgres|t|t', 'prometheus|f|f', 'shop_owner|f|f'],
      ].join('\n'),
    )
  })

  test('the replica joined by itself, and streams by its slot', async () => {
    await expect.poll(() => replica.sql('SELECT status FROM pg_stat_wal_receiver'), { timeout: 60_000 }).toBe('streaming')
    expect(await primary.sql('SELECT slot_name, active FROM pg_replication_slots')).toBe('ballast_db_2|t')
    expect(await primary.sql('SELECT application_name FROM pg_stat_replication')).toBe('db-2')
    await primary.sql('CREATE TABLE seen AS SELECT 1 AS id')
    await expect.poll(() => replica.sql('SELECT count(*) FROM seen')).toBe('1')
  })

  test('the backup account may pause the replica of the definition and resume it, the monitor only resume it', async () => {
    const as = async (user: keyof typeof passwords, statement: string): Promise<string> => {
      const conninfo = `host=${replica.node.address} port=5432 user=${user} dbname=postgres sslmode=require`
      return await primary.sh(`PGPASSWORD='${passwords[user]}' psql -XAtq '${conninfo}' -c 'SELECT ${statement}' 2>&1 || true`)
    }
    const state = () => replica.sql('SELECT pg_get_wal_replay_pause_state()')
    expect(await as('ballast_monitor', 'pg_wal_replay_pause()')).toContain('permission denied for function')
    expect(await as('shop_owner', 'pg_wal_replay_resume()')).toMatch(/permission denied|no pg_hba.conf entry/)
    expect(await state()).toBe('not paused')
    for (const resumes of ['ballast_backup', 'ballast_monitor'] as const) {
      expect(await as('ballast_backup', 'pg_wal_replay_pause()')).toBe('\n')
      await expect.poll(state, { timeout: 10_000 }).toBe('paused')
      expect(await as(resumes, 'pg_wal_replay_resume()')).toBe('\n')
      expect(await state()).toBe('not paused')
    }
  })

  describe('logins through PgBouncer', () => {
    test.each(['shop', 'led-ger'])('the owner comes into %s with its password', async (database) => {
      expect(await login(primary, 'shop_owner', passwords.shop_owner, database)).toBe(`shop_owner|${database}\n`)
    })

    test('on the replica too, with the same password, to read', async () => {
      expect(await login(replica, 'shop_owner', passwords.shop_owner)).toBe('shop_owner|shop\n')
    })

    test.each([
      ['a wrong password', 'shop_owner', 'wrong', 'shop'],
      ['nobody', 'nobody', 'x', 'shop'],
      ['the superuser', 'postgres', 'superuser secret', 'shop'],
      ['the role of replication', 'ballast_replication', passwords.ballast_replication, 'shop'],
      ['PgBouncer itself', 'pgbouncer', 'pooler secret', 'shop'],
      ['a database that is not pooled', 'shop_owner', passwords.shop_owner, 'nowhere'],
      ['the database that logins are looked up in', 'shop_owner', passwords.shop_owner, 'postgres'],
    ])('%s is refused', async (_what, user, password, database) => {
      // Even with a password of their own, which PostgreSQL would take.
      await primary.sql("ALTER ROLE postgres PASSWORD 'superuser secret'; ALTER ROLE pgbouncer PASSWORD 'pooler secret'")
      expect(await login(primary, user, password, database)).toMatch(/^psql: error: .* FATAL: /)
    })

    test('a role is refused from the moment on which it has expired', async () => {
      await primary.sql("CREATE ROLE guest LOGIN PASSWORD 'guest secret' VALID UNTIL 'infinity'")
      expect(await login(primary, 'guest', 'guest secret')).toBe('guest|shop\n')
      await primary.sql("ALTER ROLE guest VALID UNTIL 'yesterday'")
      expect(await login(primary, 'guest', 'guest secret')).toMatch(/FATAL: /)
    })

    test('a password in the clear is refused, and so is a client without TLS', async () => {
      expect(await login(primary, 'shop_owner', passwords.shop_owner, 'shop', 'disable')).toMatch(/FATAL: +SSL required/)
      expect(await primary.sql("SELECT count(*) FROM pg_authid WHERE rolpassword NOT LIKE 'SCRAM-SHA-256$4096:%'")).toBe('0')
    })

    test('PgBouncer holds no secret, and no secret of the seed is left', async () => {
      const words = [...Object.values(passwords), 'SCRAM-SHA-256'].map((word) => `-e '${word}'`).join(' ')
      const found = await primary.sh(
        `grep -rlF ${words} /etc/pgbouncer /etc/ballast /var/log /run/log /var/lib/ballast /tmp || true`,
      )
      expect(found.split('\n').filter((path) => !path.startsWith('/tmp/'))).toEqual([''])
      expect(await primary.sh('ls -A /etc/ballast')).toBe('image.env\nnode.env\npackages\npostgres\ntls\n')
    })

    test('nobody but PgBouncer can look anybody up', async () => {
      const attempt = `psql -XAtq 'host=127.0.0.1 user=shop_owner dbname=postgres sslmode=require' -c "SELECT * FROM ballast.pooler_login('shop_owner')"`
      expect(await primary.sh(`PGPASSWORD='${passwords.shop_owner}' ${attempt} 2>&1 || true`)).toContain('permission denied')
    })

    test('many clients share the pool, and the servers stay inside the budget', async () => {
      const pgbench = `PGPASSWORD='${passwords.shop_owner}' pgbench -h 10.0.0.11 -p 6432 -U shop_owner`
      await primary.sh(`export PGSSLMODE=require; ${pgbench} -i -q shop && ${pgbench} -c 100 -j 2 -t 20 -S shop`)
      const pooled = "SELECT count(*) <= 25 FROM pg_stat_activity WHERE datname = 'shop' AND usename = 'shop_owner'"
      expect(await primary.sql(pooled)).toBe('t')
    })
  })

  describe('the sandboxes', () => {
    const pidOf = (unit: string) => primary.sh(`systemctl show --value -p MainPID ${unit}`).then((text) => text.trim())

    test.each([server, 'pgbouncer.service', 'prometheus-postgres-exporter.service'])(
      '%s has no right of root',
      async (unit) => {
        const status = await primary.sh(`cat /proc/${await pidOf(unit)}/status`)
        expect(status).toMatch(/^CapEff:\s+0+$/m)
        expect(status).toMatch(/^CapBnd:\s+0+$/m)
        expect(status).toMatch(/^NoNewPrivs:\s+1$/m)
        expect(status).toMatch(/^Seccomp:\s+2$/m)
      },
    )

    test.each(['postgresql@.service', 'pgbouncer.service', 'prometheus-postgres-exporter.service'])(
      'the exposure of %s is 2.0 at most',
      async (unit) => {
        const said = await primary.sh(
          `systemd-analyze security --offline=true --no-pager /etc/systemd/system/${unit} | tail -1`,
        )
        const [, exposure] = /: (\d+\.\d)/.exec(said) ?? []
        expect(Number(exposure)).toBeLessThanOrEqual(2)
      },
    )

    test('the server writes nowhere but into its own directories', async () => {
      const attempt = (path: string) =>
        `COPY (SELECT 1) TO PROGRAM 'cat >/dev/null; touch ${path} 2>/dev/null || echo no > /var/lib/postgresql/refused'`
      await primary.sql(attempt('/etc/x'))
      expect(
        await primary.sh('cat /var/lib/postgresql/refused; rm /var/lib/postgresql/refused; ls /etc/x 2>&1 || true'),
      ).toMatch(/^no\n.*No such file/)
    })

    test('the server is the last to go when memory runs out, and its sessions are not', async () => {
      expect(await primary.sh(`systemctl show --value -p OOMScoreAdjust ${server}`)).toBe('-900\n')
      expect(await primary.sql("SELECT pg_read_file('/proc/' || pg_backend_pid() || '/oom_score_adj')")).toBe('0')
    })

    test('the exporter reaches the server by its own login', async () => {
      const get = String.raw`exec 3<>/dev/tcp/127.0.0.1/9187; printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3; cat <&3`
      expect(await primary.sh(get)).toMatch(/^pg_up 1$/m)
    })
  })

  describe('the tuner', () => {
    const setting = (node: DatabaseNode, name: string) => node.sql(`SHOW ${name}`)

    test('a start after the limit has changed has other buffers', async () => {
      const before = await setting(primary, 'shared_buffers')
      await primary.sh(`systemctl set-property ${server} MemoryMax=1G && systemctl restart ${server}`)
      const after = await setting(primary, 'shared_buffers')
      expect([before, after]).not.toContain('128MB')
      expect(after).not.toBe(before)
      expect(await primary.sh(`head -2 /etc/postgresql/${version}/main/conf.d/10-tuned.conf`)).toContain(
        '1024 MB of memory by the limit',
      )
    })

    test('what the operator says comes last, and the same machine gets the same file', async () => {
      const tuned = `/etc/postgresql/${version}/main/conf.d/10-tuned.conf`
      await primary.sh(
        `echo 'work_mem = 7MB' >> /etc/postgresql/${version}/main/conf.d/90-operator.conf; cp ${tuned} /tmp/tuned`,
      )
      await primary.sh(`systemctl restart ${server} && cmp ${tuned} /tmp/tuned`)
      expect(await setting(primary, 'work_mem')).toBe('7MB')
    })

    test('a machine that is too small is refused with what to do, and keeps the settings it had', async () => {
      await primary.sh(
        `systemctl set-property ${server} MemoryMax=500M; cp /etc/postgresql/${version}/main/conf.d/10-tuned.conf /tmp/tuned`,
      )
      const said = await primary.sh(
        `ballast-tune 2>&1 || true; cmp /etc/postgresql/${version}/main/conf.d/10-tuned.conf /tmp/tuned`,
      )
      expect(said).toBe('ballast-tune: this machine has 500 MB, and PostgreSQL with its pooler needs 512 MB: give it more\n')
      await primary.sh(`systemctl revert ${server} && systemctl restart ${server}`)
    })

    test('a setting that PostgreSQL refuses does not stay', async () => {
      const file = `/etc/postgresql/${version}/main/conf.d/90-operator.conf`
      await primary.sh(`cp ${file} /tmp/operator; systemctl stop ${server}; echo 'shared_buffers = much' >> ${file}`)
      const said = await primary.sh('ballast-tune 2>&1 || true')
      expect(said).toMatch(/invalid value for parameter "shared_buffers": "much"[\s\S]*PostgreSQL refuses its configuration/)
      await primary.sh(`cp /tmp/operator ${file}; systemctl start ${server}`)
    })

    test('a profile of another tool is taken where it fits, and its name must be right', async () => {
      expect(await primary.sh('ballast-tune --profile nothing 2>&1 || true')).toBe(
        "ballast-tune: there is no profile 'nothing': ballast, pgtune or timescaledb\n",
      )
      expect(await primary.sh('TUNE_PROFILE=pgtune ballast-tune --dry-run')).toMatch(
        /profile pgtune\.\n[\s\S]*^wal_buffers = 16MB$/m,
      )
      await primary.sh(`systemctl set-property ${server} MemoryMax=700M`)
      expect(await primary.sh('ballast-tune --profile timescaledb 2>&1 || true')).toMatch(
        /the profile timescaledb wants \d+ MB, and there are 700: use ballast/,
      )
      await primary.sh(`systemctl revert ${server}`)
    })

    test('it shows what memory is spent on, and what it would write, and changes nothing', async () => {
      const shown = await primary.sh('ballast-tune --explain; ballast-tune --dry-run')
      expect(shown).toMatch(/^ {2}shared +\d+ MB {2}shared_buffers and what PostgreSQL keeps beside them$/m)
      expect(shown).toMatch(/^ {2}free +\d+ MB/m)
      expect(shown).toMatch(/^shared_buffers = \d+MB$/m)
    })
  })
})
