// biome-ignore-all lint/style/noExcessiveLinesPerFile: the one reference of every field is read from top to bottom.
/**
 * The reference cluster, and the reference of everything a definition can say.
 *
 * A Docker VM runs the application; a primary and two replicas run PostgreSQL 17 with PgBouncer in front of two databases.
 * Backups run daily and every six hours from a replica, are restored and compared row by row, are kept for 30 days, and are
 * copied to a second region and to a NAS.
 *
 * Change this file first: it makes the images, the schedules, the limits of the alerts and the goals of the load tests.
 * Lines marked (default) may be left out. Sizes, times, shares and rates are texts with a unit: '10 MB' is ten million
 * bytes and '10 MiB' is 10 * 1024 * 1024; '200 ms', '6 hours', '30 days'; '99.9 %'; '50 /s'. Schedules are words
 * ('every 6 hours', 'daily at 03:00', 'weekly on sunday at 05:00', 'monthly on 1 at 04:00', 'quarterly on 1 at 04:00') or a
 * cron line, in the cluster's time zone. Secrets are references, never values: secret('name') is a secret of AWS Secrets
 * Manager, env('NAME') an environment variable, file('/path') a file.
 */
import { defineCluster, env, file, secret } from './config/index.ts'

export default defineCluster({
  // Part of every object key, image and unit name: small letters, digits and dashes.
  name: 'shop',
  // For people, on the status page and on the report.
  title: 'Loja Exemplo',
  // 'production' (default) or 'staging'. Drills refuse to break a production cluster unless told twice.
  environment: 'production',
  region: 'sa-east-1', // (default)
  // Where data may be stored. A store outside is refused. Only `region`, where it is left out.
  allowedRegions: ['sa-east-1', 'us-east-1'],
  // Of every schedule and of retention's days. (default 'UTC')
  timeZone: 'America/Sao_Paulo',

  // The machines. Exactly one primary; addresses are the private ones, by which the nodes reach each other.
  nodes: [
    {
      name: 'app-1',
      role: 'docker',
      address: '10.0.0.10',
      publicAddress: '203.0.113.10',
      cpus: 4,
      memory: '8 GiB',
      disk: '80 GB',
    },
    { name: 'db-1', role: 'primary', address: '10.0.0.11', cpus: 4, memory: '16 GiB', disk: '200 GB' },
    // The slot on the primary is 'ballast_db_2', where `slot` is left out. With serveReads the application may read here.
    { name: 'db-2', role: 'replica', address: '10.0.0.12', cpus: 4, memory: '16 GiB', disk: '200 GB', serveReads: true },
    { name: 'db-3', role: 'replica', address: '10.0.0.13', cpus: 2, memory: '8 GiB', disk: '200 GB', slot: 'ballast_db_3' },
  ],

  // PostgreSQL, the same on the primary and on the replicas. Memory settings follow the machine at every boot.
  postgres: {
    version: 17, // (default) what Debian 13 ships; 14 to 18 with packages: 'pgdg'
    packages: 'distribution', // (default)
    port: 5432, // (default)
    // The pools below, and reservedConnections for superusers, replication, monitoring and backups, must fit in.
    maxConnections: 100, // (default)
    reservedConnections: 15, // (default)
    workload: 'web', // (default) or 'oltp', 'mixed', 'warehouse': what the tuner assumes
    // Over what the tuner writes. What this definition decides elsewhere is refused here.
    settings: { log_min_duration_statement: '500ms', 'auto_explain.log_min_duration': '2s' },
    maxSlotWal: '4 GB', // (default) a slot that holds back more is given up, so that the disk cannot fill
    walKeep: '512 MB', // (default)
    archiveTimeout: '60 s', // (default)
    // 'off' (default), 'remote_write' or 'on'. With one standby, its loss would stop all writes.
    synchronous: { mode: 'off', standbys: 1 },
    // How Ballast checks the servers' certificates, with libpq's meaning. (default 'verify-full')
    tls: { mode: 'verify-full', rootCertificate: '/etc/ballast/root.crt' },
    hotStandbyFeedback: true, // (default)
  },

  // The roles that Ballast logs in with. Without a password: peer login, certificate or password file.
  accounts: {
    backup: { user: 'ballast_backup', password: secret('shop/backup', 'password') },
    monitor: { user: 'ballast_monitor', password: secret('shop/monitor', 'password') },
    replication: { user: 'ballast_replication', password: file('/etc/ballast/replication-password') },
  },

  // PgBouncer beside PostgreSQL. Users log in with their own passwords (SCRAM); it stores none.
  pgbouncer: {
    version: '1.24.1', // (default: what the base image ships) options that are newer are refused
    port: 6432, // (default)
    mode: 'transaction', // (default) or 'session'
    maxClients: 1000, // (default)
    preparedStatements: 200, // (default from PgBouncer 1.21 on)
    reserveAfter: '3 s', // (default)
    queryWait: '60 s', // (default)
    serverLifetime: '1 hour', // (default)
    settings: { ignore_startup_parameters: 'extra_float_digits,options' },
  },

  // 25 + 5 and 20 + 5 connections: 55 of the 85 that are free.
  databases: [
    { name: 'shop', owner: 'shop_owner', extensions: ['pgcrypto', 'pg_trgm'], pool: { size: 25, reserve: 5 } },
    {
      name: 'ledger',
      owner: 'ledger_owner',
      pool: { size: 20, reserve: 5, min: 2, users: 1 },
      backup: true, // (default)
      // Backups go straight to PostgreSQL: to the replicas by `nodes` and `accounts`, unless something is given here.
      connection: { user: 'ballast_backup', sslmode: 'verify-full' },
    },
  ],

  // Who may reach what. A network is written without host bits; overlapping ones are refused.
  firewall: {
    admin: ['203.0.113.7/32', '2001:db8:7::/48'], // SSH everywhere and PostgreSQL directly; never empty
    app: ['10.0.0.10/32'], // PgBouncer
    replica: ['10.0.0.11/32', '10.0.0.12/31'], // PostgreSQL among the database nodes
    monitor: ['10.0.0.20/32'], // the exporters
    publicPorts: [80, 443], // (default) of the docker node
    sshPort: 22, // (default)
  },

  backup: {
    // The first store takes the backup; the others take copies, each with credentials of its own.
    stores: [
      {
        type: 's3',
        name: 'main',
        bucket: 'shop-backups-sa',
        prefix: 'ballast',
        encryption: { type: 'sse-kms', keyId: 'alias/shop-backups' }, // or { type: 'sse-s3' }
        storageClass: 'STANDARD', // (default)
        transitions: [{ after: '30 days', storageClass: 'GLACIER_IR' }],
        objectLock: { mode: 'governance', retain: '7 days' },
      },
      {
        type: 's3',
        name: 'second-region',
        bucket: 'shop-backups-us',
        region: 'us-east-1',
        storageClass: 'STANDARD_IA',
        credentials: {
          accessKeyId: secret('shop/second-region', 'accessKeyId'),
          secretAccessKey: secret('shop/second-region', 'secretAccessKey'),
        },
      },
      // Any S3 server works: endpoint: 'https://nyc3.digitaloceanspaces.com', provider: 'digitalocean'.
      // ageRecipients: ['age1...'] encrypts before upload, so that this host cannot read old backups.
      { type: 'file', name: 'nas', directory: '/mnt/nas/ballast' },
    ],
    source: 'standby', // (default) or 'primary'
    workers: 2, // (default) connections that copy rows at the same time
    compressionLevel: 1, // (default) zstd
    schedule: [
      { slot: 'daily', when: 'daily at 03:00' },
      { slot: 'six-hourly', when: 'every 6 hours', databases: ['shop'] },
    ],
    passwordVerifiers: false, // (default)
    // Counted as restic counts; only verified sets satisfy a rule.
    retention: {
      keep: { within: '30 days', weekly: 8, monthly: 12 }, // also last, hourly, daily, yearly
      floor: 3, // (default) verified sets that are never deleted
      sweepAfter: '2 days', // (default) what an interrupted run left behind
      schedule: 'daily at 07:00', // (default)
    },
    verify: {
      schedule: 'daily at 05:00', // (default)
      // into: secret('shop/verify-url') restores into that server in place of a scratch server of its own.
      // ageIdentity: file('/etc/ballast/age-identity') opens stores with ageRecipients; not on the host that makes the backups.
      amcheck: true, // (default) walks every index; without it each verification says that they were not
      share: '100 %', // (default) of the rows compared in one run; with less, tables take turns, and all are counted each time
      everythingWithin: '7 days', // (default) by then the share must have reached every table again
    },
    copies: { to: ['second-region', 'nas'], schedule: 'every 1 hour' }, // (default: to all stores but the first)
    limits: { duration: '12 hours', snapshotAge: '12 hours', walHeld: '20 GB' }, // (default)
    // Where one invocation is not enough. `pauseReplica` names a replica that serves backups alone.
    fanOut: { above: '10 min', connections: 8, holder: '12 min', pauseReplica: 'db-3' },
    // Point-in-time recovery by pgBackRest; off where it is left out.
    pitr: { store: 'main', fullBackup: 'weekly on sunday at 01:00', keepFull: 4 },
  },

  // All of these are defaults. Time counts only while bytes are behind.
  replication: {
    schedule: 'every 1 minute',
    maxLag: '10 MB',
    maxLagTime: '1 s',
    maxSlotWal: '2 GB',
    maxSlotInactive: '2 min',
    maxPoolWait: '1 s',
    maxTransactionAge: '1 hour',
    maxConnectionsUsed: '85 %',
    maxArchiveAge: '10 min',
    minDiskFree: '15 %',
    maxReplayPause: '6 hours',
  },

  freshness: {
    schedule: 'every 1 hour', // (default)
    maxAge: '26 hours', // (default) of the newest set of each database
    maxVerifiedAge: '50 hours', // (default)
    minCopies: 3, // (default: the first store and every copy)
    maxShrink: '30 %', // (default)
    // Pinged at start, success (after verification) and failure: it alarms when nothing runs at all.
    heartbeat: { url: secret('shop/heartbeat-url'), grace: '1 hour' },
  },

  status: { store: 'main', schedule: 'every 15 minutes', languages: ['pt-BR', 'en'], history: '90 days' }, // (default)

  alerts: {
    language: 'pt-BR', // (default 'en')
    channels: [
      { type: 'sns', name: 'ops-topic', topicArn: 'arn:aws:sns:sa-east-1:123456789012:ballast' },
      { type: 'slack', name: 'ops-chat', webhook: secret('shop/slack-webhook') },
      { type: 'pagerduty', name: 'on-call', routingKey: secret('shop/pagerduty'), region: 'us' }, // (default) or 'eu'
      {
        type: 'webhook',
        name: 'own-system',
        url: 'https://ops.example.com/hooks/ballast',
        signingKey: secret('shop/hook-key'),
      },
      // Through Amazon SES, where `smtp` is left out.
      {
        type: 'email',
        name: 'team-mail',
        from: 'ballast@example.com',
        to: ['ops@example.com'],
        smtp: {
          host: 'smtp.example.com',
          port: 587,
          tls: 'starttls',
          user: 'ballast@example.com',
          password: secret('shop/smtp'),
        },
      },
    ],
    // First to last: the next one is tried when delivery fails. All channels, where they are left out.
    critical: ['on-call', 'ops-chat', 'team-mail'],
    warning: ['ops-chat', 'ops-topic', 'own-system'],
    raiseAfter: 2, // (default) bad polls ...
    outOf: 3, // (default) ... of this many
    remindEvery: '4 hours', // (default)
    recovery: true, // (default)
    runbooks: 'https://wiki.example.com/runbooks/',
    store: 'main', // (default: the first store) keeps the state of alerts
  },

  images: {
    base: 'debian-13', // (default) or 'ubuntu-24.04'
    prefix: 'ballast', // (default)
    // A cloud that is left out still gets a template. Base images are exact: 'latest' is refused.
    builders: {
      qemu: { cpus: 2, memory: '1 GiB', disk: '8 GiB', accelerator: 'auto' }, // (default) makes its own base disk
      'amazon-ebs': {
        sourceAmi: 'ami-0123456789abcdef0',
        instanceType: 't3.small', // (default)
        copyTo: [{ region: 'us-east-1', kmsKey: 'alias/shop-images' }],
        deprecateAfter: '180 days', // (default)
      },
      googlecompute: { project: 'shop-prod', zone: 'southamerica-east1-a', sourceImage: 'debian-13-trixie-v20261110' },
      'azure-arm': {
        subscription: '00000000-0000-0000-0000-000000000000',
        resourceGroup: 'shop-images',
        location: 'brazilsouth',
        image: { publisher: 'debian', offer: 'debian-13', sku: '13-gen2', version: '0.20261110.2300' },
      },
      digitalocean: { region: 'nyc3', image: 'debian-13-x64', token: env('DIGITALOCEAN_TOKEN') },
      hcloud: { location: 'nbg1', image: 'debian-13', token: env('HCLOUD_TOKEN') },
    },
    securityUpdates: 'daily at 04:00', // (default) never restarts postgres, pgbouncer or docker
    rebootDocker: false, // (default)
    firstBoot: { adminKeys: [], locale: 'C.UTF-8', ntpServers: ['a.st1.ntp.br', 'b.st1.ntp.br'] },
    // store: 'second-region' keeps published images there, in place of the first store.
    keep: 5, // (default) old images per role and builder
  },

  docker: {
    packages: 'distribution', // (default) or 'docker'
    // (default) The one that `environment` names has the hosts and secrets below; the other has 'staging.' before its hosts.
    environments: ['production', 'staging'],
    traefik: 'traefik:3.5.3', // (default)
    acme: { email: 'ops@example.com', challenge: 'dns', dnsProvider: 'route53', environment: { AWS_REGION: 'us-east-1' } },
    services: [
      {
        type: 'web',
        name: 'web',
        image: 'registry.example.com/shop:1.4.2',
        hosts: ['shop.example.com', '*.shop.example.com'],
        port: 3000,
        healthPath: '/up',
        replicas: 2,
        environment: { RAILS_ENV: 'production', DATABASE_URL: secret('shop/app-database-url') },
        memory: '1 GiB',
      },
      { type: 'websocket', name: 'cable', image: 'registry.example.com/shop:1.4.2', hosts: ['ws.example.com'], port: 28080 },
      {
        type: 'worker',
        name: 'worker',
        image: 'registry.example.com/shop:1.4.2',
        command: ['bin/worker'],
        health: ['bin/alive'],
      },
      { type: 'scheduler', name: 'scheduler', image: 'registry.example.com/shop:1.4.2', command: ['bin/scheduler'] },
      { type: 'redis', name: 'redis', image: 'redis:8.2.1', memory: '256 MB' },
      { type: 'pgadmin', name: 'pgadmin', image: 'dpage/pgadmin4:9.8', hosts: ['pgadmin.example.com'], port: 80 },
    ],
    logs: { maxSize: '10 MB', files: 5 }, // (default)
    addressPool: '172.30.0.0/16', // (default)
    keepReleases: 5, // (default)
    stopTimeout: '30 s', // (default)
  },

  loadtests: {
    // Load goes to these and to loopback, and to nothing else.
    targets: {
      entries: 'https://shop.example.com/entries',
      consolidation: 'https://shop.example.com/daily',
      websocket: 'wss://ws.example.com/cable',
    },
    goals: { rate: '50 /s', maxLost: '5 %', p95: '200 ms', p99: '500 ms', minSuccess: '99.9 %', websockets: 100 }, // (default)
    profiles: {
      averageDuration: '5 min', // the goals must hold for so long; 10 minutes, where it is left out
      stressRate: '100 /s', // (default: twice the goal)
      spikeRate: '250 /s', // (default: five times the goal)
      breakpointRate: '1000 /s', // (default: twenty times the goal)
      soakDuration: '4 hours', // (default)
    },
    // Each protocol and way takes so long; a minute, where it is left out.
    pgbench: { clients: 200, duration: '30 s', latency: '200 ms' },
    limits: { virtualUsers: 500, duration: '12 hours' }, // (default)
  },

  handover: {
    client: 'Loja Exemplo Ltda.',
    languages: ['pt-BR', 'en'], // (default)
    goals: { recoveryTime: '1 hour', recoveryPoint: '24 hours', firstWrite: '10 s' }, // (default)
    // From the date on `freshness` warns until a record is filed (`ballast rehearse`), and alarms after the grace.
    drills: {
      schedule: 'quarterly on 15 at 09:00', // a drill; never asked for, where it is left out
      by: 'people', // (default) or 'sandbox': a timer does it then, on a cluster of its own, and files the record
      restoreTest: 'monthly on 1 at 09:00', // a restore by a person, as in an emergency; likewise
      grace: '7 days', // (default)
      skip: [], // (default)
      store: 'main', // (default: the first store) keeps the records
    },
    approvers: [{ name: 'Ana Souza', role: 'CTO' }],
  },

  runtime: {
    // serverless.yml: functions reach no directory and no file or variable of a machine, only stores of type s3 and secrets.
    lambda: {
      vpc: {
        subnets: ['subnet-0123456789abcdef0'],
        securityGroups: ['sg-0123456789abcdef0'],
        // Ways to S3 and to the secrets; left out where the network has them, or a NAT gateway.
        endpoints: { network: 'vpc-0123456789abcdef0', routeTables: ['rtb-0123456789abcdef0'] },
      },
      architecture: 'arm64', // (default)
      memory: '2048 MiB', // (default)
      storage: '10 GiB', // (default)
      logRetention: '90 days', // (default)
    },
    // systemd on a VM
    timers: { user: 'ballast', stateDirectory: '/var/lib/ballast', jitter: '2 min', cpuPercent: 200, maxMemory: '1 GiB' }, // (default)
  },
})
