/** What `pnpm bench help` says. */
export const help = `Side-by-side benchmarks: ours, the ceilings and the peers, in one run.

  pnpm bench streams|groups|stores|diagnostics|browser [--json] [--quick] [--case NAME]... [--side NAME]... [--profile FOLDER]
  pnpm bench list
  pnpm bench help

streams   Items from one producer to 1, 4 or 16 consumers, each a process of its own, on loopback.
          ours    the public API of @mosaik/streams over the libp2p transport
          tls     ceiling: length-framed node:tls 1.3, written in batches of 64 KiB
          libp2p  ceiling: a bare libp2p stream (TCP, TLS, yamux), written in batches of 64 KiB
          nats    peer: NATS, its JavaScript client and nats-server, plain TCP; left out with a
                  line on stderr where no nats-server is on the PATH
groups    Three members on loopback, each a process, replicate values of 64 bytes: writes on disk and
          in memory, strong and weak reads, with 1 to 1,024 on their way; a killed leader.
          ours    the public API of @mosaik/groups over the libp2p transport, called in a member
          etcd    peer: etcd with its data on the same disk, called by a process beside a member;
                  left out with a line on stderr where no etcd is on the PATH
stores    A map of three writers on loopback, each a process: writes, reads, snapshots of up to a
          million entries, and what a reader that joins costs the writers. Ours alone.
diagnostics  What being looked into costs: an idle node with and without diagnostics, with one who
          looks once a second, and with ten that follow everything and ask all the time; a stream at
          its fastest alone, with ten others connected, and with these looking as greedily (at low
          priority, so that it is the node's cost). ratio is of the last two, aloneRatio of the last
          and the first, pair by pair; cpuRatio compares the producer's processor time an item.
browser   Items from a process to a page over WebSockets, and from a page to a page over WebRTC, in a
          real Chromium; left out with a line on stderr where there is none.
          ours    the public API of @mosaik/streams
          libp2p  ceiling: a bare libp2p stream over the same, written in batches of 64 KiB
list      The names of the cases.

--json     One JSON object a line on stdout; otherwise a table.
--quick    Fewer and shorter runs: streams in under eight minutes on two cores, groups in four.
--case     Only cases with this name, or whose names begin with it. Can be repeated.
--side     Only this side. Can be repeated.
--profile  Each process writes a CPU profile of its runs to this folder.

Rates of streams are items delivered in a second, added up over all consumers: with sixteen, an item
that was sent once counts sixteen times. Each is the median of several runs after a warm-up; the sides take
turns. Nothing may get lost: each consumer checks that it gets every item, once, in order.
Their p50us and p99us are one-way latencies in microseconds at a tenth of our rate: from just before
the call that sends until the consumer's code holds the decoded item.

Rates of groups are of clients at the leader; those at a follower are in a part of their own. p50us
and p99us are from the call to its answer. Nothing may get lost: after each run every member must hold
as many writes as were acknowledged.

Figures differ between machines and runs. Compare only what was measured in one run.`;
