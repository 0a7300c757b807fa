import type { Cluster } from '../../config/index.ts'
import type { RoleFile } from '../role-file.ts'
import { postgresPlace } from './postgres-place.ts'

/**
 * PostgreSQL as a service: in place of Debian's unit, whose server is started by a script, with all rights of the machine. It
 * is rendered because systemd wants a fixed program, whose path has the major version in it.
 */
export function postgresUnit(cluster: Cluster): readonly RoleFile[] {
  return [{ path: '/etc/systemd/system/postgresql@.service', content: unitText(cluster) }]
}

function unitText(cluster: Cluster): string {
  const { programs, configuration, data } = postgresPlace(cluster)
  return `# From the cluster's definition; changes belong into a drop-in: systemctl edit postgresql@${cluster.postgres.version}-main
[Unit]
Description=PostgreSQL ${cluster.postgres.version}
Documentation=man:postgres(1)
Requires=ballast-first-boot.service
# Started with every start of the server, because it ends at once; a machine it refuses keeps the settings it had.
Wants=ballast-tune.service
After=network.target ballast-first-boot.service ballast-tune.service
PartOf=postgresql.service
ReloadPropagatedFrom=postgresql.service
Before=postgresql.service

[Service]
Type=notify
User=postgres
ExecStart=${programs}/postgres -D ${data} -c config_file=${configuration}/postgresql.conf
ExecReload=/bin/kill -HUP $MAINPID
# Fast shutdown, told to the postmaster alone. Crash recovery takes as long as it takes.
KillMode=mixed
KillSignal=SIGINT
TimeoutStartSec=infinity
TimeoutStopSec=10min
Restart=on-failure
RestartSec=5s
SyslogIdentifier=postgresql
# The last to go when memory runs out, but not its sessions: they put themselves back to the usual.
OOMScoreAdjust=-900
Environment=PG_OOM_ADJUST_FILE=/proc/self/oom_score_adj PG_OOM_ADJUST_VALUE=0
LimitNOFILE=65536

# /proc must stay whole (no ProcSubset): the size of a huge page is read there. Memory may be made executable: for JIT.
# System users must stay visible (no PrivateUsers): peer logins go by them.
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ReadWritePaths=/var/lib/postgresql /run/postgresql
ReadWritePaths=-/run/pgbackrest -/var/spool/pgbackrest -/var/log/pgbackrest
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
UMask=0077

[Install]
WantedBy=multi-user.target
`
}
