"""What the world offers, as data: makers, models, hosts, offerings, prices, capabilities.

Provider facts are rows, not code: adding a provider is a row and a secret. Three things are kept apart, because
independence is about which of them can be changed: the *maker* trained a model, the *model* is the weights, the
*host* serves it, somewhere, under some law, at some price. One model at one host is an *offering*.

Import what is needed from the module that has it. This file imports nothing, because gateway workers import
`counterpoint.catalog.prices` and must not pay for the loader:

* `prices`: what a usage costs; `schedules`: which price holds when
* `loading`: `load()`, the catalogue with its look-ups; `offerings`: directory rows for a configured host
* `hosts`: host rows and what connects to them; `search`: find, show, nearest names; `updating`: newer data
"""
