/** A picture for each kind of source. */
import { IconBrandGit, IconBucket, IconFolder, IconRss, IconUpload, IconWorld } from '@tabler/icons-react';
import type { SourceKind } from '../../lib/known';

export const KIND_ICONS: Record<SourceKind, typeof IconFolder> = {
  upload: IconUpload,
  folder: IconFolder,
  web: IconWorld,
  bucket: IconBucket,
  git: IconBrandGit,
  feed: IconRss,
};
