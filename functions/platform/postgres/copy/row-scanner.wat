;; Takes the CopyData frames of PostgreSQL's wire protocol apart, in one pass: each row's bytes are moved, without their
;; 5-byte frame header, to the end of the current output block, and XXH64 (seed 0) of the row without its newline is
;; added to a running sum. Why not JavaScript: 64-bit multiplication there needs BigInt or two 32-bit halves, which made
;; framing and digest cost as much as compression.
;;
;; The caller copies socket bytes into memory, calls `scan`, and looks at the returned input position and at `status`:
;;   0  the input is used up (fewer than 5 bytes may be left over: the start of a frame header)
;;   1  the output block is full
;;   2  the next message is not CopyData; its header is whole in the input
;;   3  a frame did not end in a newline: not a COPY text row
(module
  (memory (export "memory") 70)

  (global $status (export "status") (mut i32) (i32.const 0))
  ;; Output block: next byte to write, and its end.
  (global $out (export "out") (mut i32) (i32.const 0))
  (global $outEnd (export "outEnd") (mut i32) (i32.const 0))
  ;; First byte in the block of the row that is being received.
  (global $rowStart (export "rowStart") (mut i32) (i32.const 0))
  ;; Payload bytes of the current frame that have not arrived yet.
  (global $frameLeft (export "frameLeft") (mut i32) (i32.const 0))
  (global $rows (export "rows") (mut i64) (i64.const 0))
  (global $digest (export "digest") (mut i64) (i64.const 0))

  ;; XXH64 lanes of a row longer than the block, and how many of its bytes are already in them.
  (global $folded (mut i64) (i64.const 0))
  (global $v1 (mut i64) (i64.const 0))
  (global $v2 (mut i64) (i64.const 0))
  (global $v3 (mut i64) (i64.const 0))
  (global $v4 (mut i64) (i64.const 0))

  (func $round (param $acc i64) (param $lane i64) (result i64)
    (i64.mul
      (i64.rotl
        (i64.add (local.get $acc) (i64.mul (local.get $lane) (i64.const 0xC2B2AE3D27D4EB4F)))
        (i64.const 31))
      (i64.const 0x9E3779B185EBCA87)))

  (func $merge (param $h i64) (param $v i64) (result i64)
    (i64.add
      (i64.mul
        (i64.xor (local.get $h) (call $round (i64.const 0) (local.get $v)))
        (i64.const 0x9E3779B185EBCA87))
      (i64.const 0x85EBCA77C2B2AE63)))

  (func $startLanes
    (global.set $v1 (i64.const 0x60EA27EEADC0B5D6)) ;; prime1 + prime2
    (global.set $v2 (i64.const 0xC2B2AE3D27D4EB4F)) ;; prime2
    (global.set $v3 (i64.const 0))
    (global.set $v4 (i64.const 0x61C8864E7A143579))) ;; -prime1

  ;; Runs whole 32-byte stripes of [p, end) through the lanes; returns where it stopped.
  (func $stripes (param $p i32) (param $end i32) (result i32)
    (local $a i64) (local $b i64) (local $c i64) (local $d i64)
    (local.set $a (global.get $v1))
    (local.set $b (global.get $v2))
    (local.set $c (global.get $v3))
    (local.set $d (global.get $v4))
    (block $done
      (loop $next
        (br_if $done (i32.gt_u (i32.add (local.get $p) (i32.const 32)) (local.get $end)))
        (local.set $a (call $round (local.get $a) (i64.load align=1 (local.get $p))))
        (local.set $b (call $round (local.get $b) (i64.load offset=8 align=1 (local.get $p))))
        (local.set $c (call $round (local.get $c) (i64.load offset=16 align=1 (local.get $p))))
        (local.set $d (call $round (local.get $d) (i64.load offset=24 align=1 (local.get $p))))
        (local.set $p (i32.add (local.get $p) (i32.const 32)))
        (br $next)))
    (global.set $v1 (local.get $a))
    (global.set $v2 (local.get $b))
    (global.set $v3 (local.get $c))
    (global.set $v4 (local.get $d))
    (local.get $p))

  ;; XXH64 of the row: its folded bytes, if any, followed by [p, end).
  (func $hashRow (param $p i32) (param $end i32) (result i64)
    (local $h i64) (local $length i64)
    (local.set $length
      (i64.add (global.get $folded) (i64.extend_i32_u (i32.sub (local.get $end) (local.get $p)))))
    (if (i64.ge_u (local.get $length) (i64.const 32))
      (then
        (if (i64.eqz (global.get $folded)) (then (call $startLanes)))
        (local.set $p (call $stripes (local.get $p) (local.get $end)))
        (local.set $h
          (i64.add
            (i64.add (i64.rotl (global.get $v1) (i64.const 1)) (i64.rotl (global.get $v2) (i64.const 7)))
            (i64.add (i64.rotl (global.get $v3) (i64.const 12)) (i64.rotl (global.get $v4) (i64.const 18)))))
        (local.set $h (call $merge (local.get $h) (global.get $v1)))
        (local.set $h (call $merge (local.get $h) (global.get $v2)))
        (local.set $h (call $merge (local.get $h) (global.get $v3)))
        (local.set $h (call $merge (local.get $h) (global.get $v4))))
      (else (local.set $h (i64.const 0x27D4EB2F165667C5))))
    (local.set $h (i64.add (local.get $h) (local.get $length)))
    (block $no8
      (loop $by8
        (br_if $no8 (i32.gt_u (i32.add (local.get $p) (i32.const 8)) (local.get $end)))
        (local.set $h (i64.xor (local.get $h) (call $round (i64.const 0) (i64.load align=1 (local.get $p)))))
        (local.set $h
          (i64.add
            (i64.mul (i64.rotl (local.get $h) (i64.const 27)) (i64.const 0x9E3779B185EBCA87))
            (i64.const 0x85EBCA77C2B2AE63)))
        (local.set $p (i32.add (local.get $p) (i32.const 8)))
        (br $by8)))
    (if (i32.le_u (i32.add (local.get $p) (i32.const 4)) (local.get $end))
      (then
        (local.set $h
          (i64.xor (local.get $h)
            (i64.mul (i64.load32_u align=1 (local.get $p)) (i64.const 0x9E3779B185EBCA87))))
        (local.set $h
          (i64.add
            (i64.mul (i64.rotl (local.get $h) (i64.const 23)) (i64.const 0xC2B2AE3D27D4EB4F))
            (i64.const 0x165667B19E3779F9)))
        (local.set $p (i32.add (local.get $p) (i32.const 4)))))
    (block $no1
      (loop $by1
        (br_if $no1 (i32.ge_u (local.get $p) (local.get $end)))
        (local.set $h
          (i64.xor (local.get $h)
            (i64.mul (i64.load8_u (local.get $p)) (i64.const 0x27D4EB2F165667C5))))
        (local.set $h (i64.mul (i64.rotl (local.get $h) (i64.const 11)) (i64.const 0x9E3779B185EBCA87)))
        (local.set $p (i32.add (local.get $p) (i32.const 1)))
        (br $by1)))
    (local.set $h
      (i64.mul (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 33))) (i64.const 0xC2B2AE3D27D4EB4F)))
    (local.set $h
      (i64.mul (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 29))) (i64.const 0x165667B19E3779F9)))
    (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 32))))

  ;; For a row that alone fills the block: takes its whole stripes into the lanes, so that they may leave the block.
  ;; Returns the first byte that was not taken.
  (func (export "fold") (result i32)
    (local $stop i32)
    (if (i64.eqz (global.get $folded)) (then (call $startLanes)))
    (local.set $stop (call $stripes (global.get $rowStart) (global.get $out)))
    (global.set $folded
      (i64.add (global.get $folded)
        (i64.extend_i32_u (i32.sub (local.get $stop) (global.get $rowStart)))))
    (local.get $stop))

  ;; Forgets everything of the previous COPY.
  (func (export "reset")
    (global.set $frameLeft (i32.const 0))
    (global.set $rows (i64.const 0))
    (global.set $digest (i64.const 0))
    (global.set $folded (i64.const 0)))

  (func (export "scan") (param $p i32) (param $end i32) (result i32)
    (local $n i32)
    (loop $next
      (if (i32.eqz (global.get $frameLeft))
        (then
          (if (i32.lt_u (i32.sub (local.get $end) (local.get $p)) (i32.const 5))
            (then (global.set $status (i32.const 0)) (return (local.get $p))))
          (if (i32.ne (i32.load8_u (local.get $p)) (i32.const 0x64)) ;; 'd'
            (then (global.set $status (i32.const 2)) (return (local.get $p))))
          ;; The big-endian length counts itself.
          (local.set $n (i32.load offset=1 align=1 (local.get $p)))
          (global.set $frameLeft
            (i32.sub
              (i32.or
                (i32.and (i32.rotl (local.get $n) (i32.const 8)) (i32.const 0x00FF00FF))
                (i32.and (i32.rotr (local.get $n) (i32.const 8)) (i32.const 0xFF00FF00)))
              (i32.const 4)))
          (local.set $p (i32.add (local.get $p) (i32.const 5)))
          ;; An empty frame holds no row, not even an empty one.
          (if (i32.eqz (global.get $frameLeft))
            (then (global.set $status (i32.const 3)) (return (local.get $p))))))
      (local.set $n (i32.sub (local.get $end) (local.get $p)))
      (if (i32.gt_u (local.get $n) (global.get $frameLeft)) (then (local.set $n (global.get $frameLeft))))
      (if (i32.gt_u (local.get $n) (i32.sub (global.get $outEnd) (global.get $out)))
        (then (local.set $n (i32.sub (global.get $outEnd) (global.get $out)))))
      (memory.copy (global.get $out) (local.get $p) (local.get $n))
      (local.set $p (i32.add (local.get $p) (local.get $n)))
      (global.set $out (i32.add (global.get $out) (local.get $n)))
      (global.set $frameLeft (i32.sub (global.get $frameLeft) (local.get $n)))
      (if (i32.eqz (global.get $frameLeft))
        (then
          (local.set $n (i32.sub (global.get $out) (i32.const 1)))
          (if (i32.ne (i32.load8_u (local.get $n)) (i32.const 10))
            (then (global.set $status (i32.const 3)) (return (local.get $p))))
          (global.set $digest
            (i64.add (global.get $digest) (call $hashRow (global.get $rowStart) (local.get $n))))
          (global.set $rows (i64.add (global.get $rows) (i64.const 1)))
          (global.set $folded (i64.const 0))
          (global.set $rowStart (global.get $out))
          (br $next)))
      (if (i32.eq (global.get $out) (global.get $outEnd))
        (then (global.set $status (i32.const 1)) (return (local.get $p))))
      (br_if $next (i32.lt_u (local.get $p) (local.get $end))))
    (global.set $status (i32.const 0))
    (local.get $p))
)
