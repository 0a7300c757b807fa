import { bootCases } from './boot-cases.ts'

bootCases('docker', {
  checks: [
    'every service is up',
    'what listens is what the definition offers',
    "the bake's own checks hold",
    'security updates restart no server',
    'two machines of one image are two',
  ],
  mostBytes: 500_000_000,
})
