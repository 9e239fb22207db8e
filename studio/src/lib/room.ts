/** Whether a model fits into this machine's memory, now or at all. */
export interface Memory {
  total: number;
  available: number | null;
  limit: number | null;
  occupied: number;
}

/** `crowded`: other models have to leave first, which happens by itself where there is a limit. */
export type Fit = 'fits' | 'crowded' | 'never';

export function fitOf(needed: number, memory: Memory): Fit {
  const most = Math.min(memory.total, memory.limit ?? Number.POSITIVE_INFINITY);
  if (needed > most) return 'never';
  if (memory.limit !== null && needed > memory.limit - memory.occupied) return 'crowded';
  return memory.available !== null && needed > memory.available ? 'crowded' : 'fits';
}

/** Downloads that matter still: those that run, and the latest of each subject unless it went well long ago. */
export function latest<T extends { subject: string; state: string; ended_at: string | null }>(
  jobs: readonly T[],
  now = new Date(),
  keepMs = 3_600_000,
): T[] {
  const seen = new Set<string>();
  return jobs.filter((job) => {
    if (seen.has(job.subject)) return false;
    seen.add(job.subject);
    if (job.state === 'running' || job.state === 'failed') return true;
    return job.ended_at !== null && now.getTime() - new Date(job.ended_at).getTime() < keepMs;
  });
}
