import { guarded } from './firewall-expectations.ts'

const image = 'registry.example.com/shop:1.4.2'

/** Changes to the sample definition: an application of every kind of service whose image can be made where none can be fetched. */
export const dockerNode = {
  ...guarded,
  docker: {
    acme: { email: 'ops@example.com', challenge: 'http' },
    services: [
      {
        ...{ type: 'web', name: 'web', image, hosts: ['shop.example.com'], port: 3000, healthPath: '/up', replicas: 2 },
        environment: { SHOP_GREETING: 'it\'s $5 \\ {a} "b" #c', DATABASE_URL: { env: 'APP_DATABASE_URL' } },
      },
      { type: 'websocket', name: 'cable', image, hosts: ['ws.example.com'], port: 28080 },
      { type: 'worker', name: 'worker', image, command: ['bin/worker'], health: ['bin/alive'] },
      { type: 'scheduler', name: 'scheduler', image, command: ['bin/scheduler', '$HOME', 'a$$b'] },
      { type: 'redis', name: 'redis', image: 'redis:8.2.1', memory: '64 MB' },
    ],
    keepReleases: 1,
    stopTimeout: '10 s',
  },
}
