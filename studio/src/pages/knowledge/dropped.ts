/** What was dropped: files, and those in folders, with the path below what was dropped. */
const MOST = 5_000;

interface Named {
  file: File;
  name: string;
}

export async function filesIn(dropped: DataTransfer): Promise<Named[]> {
  const plain = [...dropped.files].map((file) => ({ file, name: file.name }));
  // Entries are gone once the event is over: they are asked for before anything is waited for.
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const found: Named[] = [];
  for (const entry of entries) if (entry) await gather(entry, '', found);
  return found;
}

async function gather(entry: FileSystemEntry, below: string, found: Named[]): Promise<void> {
  if (found.length >= MOST) return;
  const name = below + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.push({ file, name });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    for (const each of some) await gather(each, `${name}/`, found);
  }
}
