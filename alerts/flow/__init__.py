"""Use cases: each walks a stretch of the line, writes rows, and may run twice.

    poll       due feeds → fetch → parse → normalise → classify → items
    assign     unmatched revisions → matches and alerts
    report     endpoints whose hour has come (and urgent alerts) → digests and deliveries
    send       due deliveries → channel → receipt
    subscribe  contacts come, change and leave
    inspect    what would happen: a document read, an item routed, a digest previewed
    upkeep     retention, audit, expired claims

Only this package knows the order of the stages.
"""
