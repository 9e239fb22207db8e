/** Begins a download. It goes on in the platform, whatever becomes of the page. */
import { useMutation } from '@tanstack/react-query';
import { client, dataOf } from '../../api/client';
import { queries } from '../../api/queries';

export function usePull(begun?: () => void) {
  return useMutation({
    mutationFn: (source: string) =>
      dataOf(client.POST('/api/v1/models/pull', { body: { source, replace: false } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['jobs'] });
      begun?.();
    },
  });
}
