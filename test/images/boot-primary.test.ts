import { bootCases } from './boot-cases.ts'

bootCases('primary', {
  checks: [
    'first query after power-on',
    'every service is up',
    'what listens is what the definition offers',
    "the bake's own checks hold",
    'tuning at 2048 MiB and 2 CPU',
    'who is let in through the pooler',
    'sandboxes under load',
    'security updates restart no server',
    'tuning at 4096 MiB and 2 CPU',
    'tuning at 512 MiB and 1 CPU',
    'tuning at 1024 MiB and 1 CPU',
    'two machines of one image are two',
  ],
  mostBytes: 400_000_000,
})
