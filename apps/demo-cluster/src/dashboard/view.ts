import { cell, type Line, paint, type Span, type Style } from "@mosaik/cli/terminal";
import type { Summary } from "../contract.ts";
import type { EventRow, FlowRow, Frame, GroupRow, LinkRow, NodeRow, NodeState } from "./frame.ts";

/** The terminal a picture is drawn for. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

const stateStyles: Readonly<Record<NodeState, Style>> = {
  discovered: "yellow",
  up: "green",
  silent: "yellow",
  departed: "red",
};

const help = " k kill  r restart  p pause/resume  x partition/heal  a add  ↑↓ select  q quit";

/** Below this many rows there is no room for empty lines. */
const roomyRows = 32;
const nodesMin = 3;
const eventsMin = 3;
/** Spare rows from which on the links of the selected node are shown. */
const linksMin = 6;

/**
 * Draws a picture: lines for a terminal of a size, never more or wider than it has. Where there is
 * too little room the machine goes first, then the group, then nodes, the selected one last.
 */
export function drawFrame(frame: Frame, size: Size): string[] {
  const room = Math.max(0, size.rows - 1);
  const gap: Line[] = size.rows < roomyRows ? [] : [[]];
  const top = [...header(frame), ...gap];
  const flows = [
    ...gap,
    heading("FLOWS", "inferred from who offers and who wants"),
    flowHeader(),
    ...frame.flows.map(flowLine),
  ];
  const nodesMax = room - top.length - flows.length - gap.length - eventsMin;
  const nodes = nodeLines(frame.nodes, Math.max(nodesMin + 2, nodesMax));
  let left = room - top.length - nodes.length - flows.length - gap.length - eventsMin - 1;
  const agreed = groupLines(frame, gap);
  const group = agreed.length <= left ? agreed : [];
  left -= group.length;
  const all = machineLines(frame, gap);
  const machine = all.length <= left ? all : [];
  left -= machine.length;
  const links = left >= linksMin ? linkLines(frame, gap, left) : [];
  const body = [...top, ...nodes, ...flows, ...group, ...links, ...machine, ...gap];
  const lines = [...body, ...eventLines(frame.events, room - body.length)].slice(0, room);
  while (lines.length < room) lines.push([]);
  lines.push([{ text: help, style: "dim" }]);
  return lines.map((line) => paint(line, size.columns, size.color));
}

function header(frame: Frame): Line[] {
  const { settled } = frame;
  const state: Span =
    settled.kind === "yes"
      ? { text: `settled in ${duration(settled.afterMs)}`, style: "green" }
      : { text: `unsettled: ${settled.lacks}`, style: "yellow" };
  const cluster = `${frame.nodeCount} nodes   ${frame.linkCount} subscriptions`;
  const flow = `${rate(frame.perSecond)} items/s   ${frame.items} items`;
  return [
    [
      { text: " mosaik ", style: "selected" },
      { text: ` network ${frame.network}   ${cluster}   up ${clock(frame.upMs)}` },
    ],
    [{ text: ` ${flow}   ` }, state],
  ];
}

function heading(title: string, more: string): Line {
  return [
    { text: ` ${title}`, style: "bold" },
    { text: `  ${more}`, style: "dim" },
  ];
}

function nodeLines(nodes: readonly NodeRow[], room: number): Line[] {
  const head: Line = [
    {
      text: `   ${cell("node", 13)} ${cell("peer", 8)}  ${cell("pid", 7, "right")}  ${cell("state", 10)}${cell("up", 6, "right")} ${cell("memory", 7, "right")} ${cell("knows", 5, "right")} ${cell("in/s", 6, "right")} ${cell("out/s", 6, "right")}`,
      style: "dim",
    },
  ];
  const all = nodes.length + 2 <= room;
  const rows = all ? nodes : around(nodes, room - 3);
  const hidden = nodes.length - rows.length;
  const more: Line[] = hidden > 0 ? [[{ text: `   and ${hidden} more`, style: "dim" }]] : [];
  return [heading("NODES", "as each says of itself"), head, ...rows.map(nodeLine), ...more];
}

/** As many rows as there is room for, the selected one among them. */
function around(nodes: readonly NodeRow[], room: number): readonly NodeRow[] {
  if (nodes.length <= room) return nodes;
  const at = nodes.findIndex((node) => node.selected);
  const from = Math.min(Math.max(0, at - Math.floor(room / 2)), nodes.length - room);
  return nodes.slice(from, from + room);
}

function nodeLine(node: NodeRow): Line {
  const { memoryBytes, uptimeMs } = node;
  const figures =
    cell(uptimeMs === undefined ? "" : clock(uptimeMs), 6, "right") +
    ` ${cell(memoryBytes === undefined ? "" : size(memoryBytes), 7, "right")}` +
    ` ${cell(String(node.knows ?? ""), 5, "right")}` +
    ` ${cell(rate(node.inPerSecond), 6, "right")} ${cell(rate(node.outPerSecond), 6, "right")}`;
  const name = cell(node.name, 13);
  const marked: Span[] = node.selected
    ? [{ text: " ▸ " }, { text: name, style: "selected" }]
    : [{ text: `   ${name}` }];
  return [
    ...marked,
    { text: ` ${node.peer.slice(0, 8)}  ${cell(String(node.pid ?? ""), 7, "right")}  ` },
    { text: cell(node.state, 10), style: stateStyles[node.state] },
    { text: figures, ...(node.state === "up" ? {} : { style: "dim" }) },
    { text: node.note === "" ? "" : `  ${node.note}`, style: "cyan" },
  ];
}

function flowHeader(): Line {
  const columns = `   ${cell("", 46)} ${cell("links", 6, "right")} ${cell("items/s", 7, "right")} ${cell("lag", 7, "right")} ${cell("dropped", 7, "right")}`;
  return [{ text: columns, style: "dim" }];
}

function flowLine(flow: FlowRow): Line {
  const graph = `${flow.from} ── ${flow.stream} ─▶ ${flow.to}`;
  const whole = flow.links === flow.expected;
  return [
    { text: `   ${cell(graph, 46)} ` },
    { text: cell(`${flow.links}/${flow.expected}`, 6, "right"), style: whole ? "green" : "yellow" },
    { text: ` ${cell(rate(flow.perSecond), 7, "right")} ${cell(lag(flow.lagMs), 7, "right")} ` },
    {
      text: cell(String(flow.dropped), 7, "right"),
      ...(flow.dropped > 0 ? { style: "yellow" } : {}),
    },
  ];
}

function linkLines(frame: Frame, gap: readonly Line[], room: number): Line[] {
  const selected = frame.nodes.find((node) => node.selected);
  if (selected === undefined) return [];
  const shown = frame.links.slice(0, room - gap.length - 2);
  const hidden = frame.links.length - shown.length;
  const more: Line[] = hidden > 0 ? [[{ text: `   and ${hidden} more`, style: "dim" }]] : [];
  return [
    ...gap,
    heading(selected.name.toUpperCase(), "its subscriptions"),
    ...shown.map(linkLine),
    ...more,
  ];
}

function linkLine(link: LinkRow): Line {
  const arrow = link.way === "from" ? "◀─" : "─▶";
  const graph = `${arrow} ${cell(link.other, 16)} ${link.stream}`;
  const figures = `${cell(`${link.items} items`, 14, "right")} ${cell(`${rate(link.perSecond)}/s`, 9, "right")} ${cell(lag(link.lagMs), 8, "right")}`;
  const dropped: Span =
    link.dropped > 0 ? { text: `  ${link.dropped} dropped`, style: "yellow" } : { text: "" };
  return [{ text: `   ${cell(graph, 42)} ${figures}` }, dropped];
}

function groupLines({ group }: Frame, gap: readonly Line[]): Line[] {
  if (group === undefined) return [];
  return [
    ...gap,
    heading("GROUP", "the ledger that the aggregators agree on"),
    ...groupRows(group),
  ];
}

function groupRows(group: GroupRow): Line[] {
  const leader: Span =
    group.leader === undefined
      ? { text: "no leader", style: "yellow" }
      : { text: `${group.leader} leads`, style: "green" };
  const figures = `   term ${group.term}   position ${group.position}   ${group.entries} entries   ${rate(group.perSecond)}/s`;
  const others = group.members.filter(({ part }) => part !== "leads");
  return [
    [{ text: "   " }, leader, { text: figures }],
    [{ text: `   ${others.map(({ name, part }) => `${name} ${part}`).join(", ")}` }],
  ];
}

function machineLines({ machine }: Frame, gap: readonly Line[]): Line[] {
  if (machine === undefined) return [];
  const title = `the last second, by ${machine.by}: ${machine.summary.readings} readings of ${machine.summary.sensors} sensors`;
  return [...gap, heading("THIS MACHINE", title), [{ text: `   ${machineText(machine.summary)}` }]];
}

function machineText(summary: Summary): string {
  const { cpuBusy, memoryUsed, memoryTotal, load, loopDelayMs } = summary;
  const { receivedPerSecond, sentPerSecond } = summary;
  return [
    cpuBusy && `cpu ${(cpuBusy.mean * 100).toFixed(0)} % (max ${(cpuBusy.max * 100).toFixed(0)})`,
    memoryUsed && `memory ${size(memoryUsed.mean)} of ${size(memoryTotal ?? 0)}`,
    load && `load ${load.mean.toFixed(2)}`,
    receivedPerSecond && `net in ${size(receivedPerSecond.mean)}/s`,
    sentPerSecond && `out ${size(sentPerSecond.mean)}/s`,
    loopDelayMs && `event loop p99 ${loopDelayMs.mean.toFixed(1)} ms late`,
  ]
    .filter((part) => part !== undefined)
    .join("   ");
}

function eventLines(events: readonly EventRow[], room: number): Line[] {
  if (room <= 0) return [];
  const titled = room > eventsMin;
  const shown = events.slice(titled ? 1 - room : -room).map((event): Line => {
    const time = new Date(event.at).toTimeString().slice(0, 8);
    return [{ text: `   ${time}  `, style: "dim" }, { text: event.text }];
  });
  return titled ? [heading("EVENTS", ""), ...shown] : shown;
}

function rate(perSecond: number): string {
  return perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toFixed(1);
}

function lag(ms: number | undefined): string {
  return ms === undefined ? "" : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

function duration(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** Minutes and seconds. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value.toFixed(value < 10 && unit > 0 ? 1 : 0)} ${units[unit]}`;
}
