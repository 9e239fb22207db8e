"""The audit log: who changed what, each organisation's acts in one chain that shows when one was altered or left out.

`witness` sees every change of the watched tables, whoever makes it; `log` writes it down in the same transaction;
`chain` is what anybody can check without us."""
