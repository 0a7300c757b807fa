import { bootCases } from './boot-cases.ts'

bootCases('replica', {
  checks: [
    'it waits for its primary',
    'what listens is what the definition offers',
    "the bake's own checks hold",
    'two machines of one image are two',
  ],
  mostBytes: 400_000_000,
})
