import { Counter, Rate } from 'k6/metrics'

/** Requests: whether no answer came at all. */
export const lostRequests = new Rate('lost_requests')
/** Answers that were looked at: raised at the end of an iteration, so that one which throws is missed. */
export const judgedAnswers = new Counter('judged_answers')
export const socketsTried = new Counter('sockets_tried')
/** Sockets that were open, and answered, until the end. */
export const socketsKept = new Counter('sockets_kept')
export const neighbourDown = new Counter('neighbour_down')
export const neighbourAnswers = new Counter('neighbour_answers')
