namespace Orders.Infrastructure.Health;

/// <summary>What the name of the table led to when the table was first found to be fine. It has to go on leading there.</summary>
/// <remarks>
/// Whoever may create tables in a schema of the search path could put one of theirs in front of ours. Not for several threads at once.
/// </remarks>
internal sealed class FirstRelation
{
    private RelationIdentity? _relation;

    /// <returns>The report, with a problem when the name leads to another relation.</returns>
    public TableReport Judge(TableReport report)
    {
        if (report.Relation is not { } found)
        {
            return report;
        }

        if (_relation is { } first && !first.IsSameAs(found))
        {
            return report with
            {
                ReadProblem = new TableProblem(
                    "The name orders_synced leads to another table than when the service started; restart the service if that is meant.",
                    $"It led to {first.Name} of the owner {first.Owner}, and leads to {found.Name} of the owner {found.Owner}."),
                ChangeProblem = null,
            };
        }

        if (_relation is not null || report.ReadProblem is null)
        {
            _relation = found;
        }

        return report;
    }
}

/// <summary>A table or view as PostgreSQL tells it from all others.</summary>
/// <param name="Oid">Its number, which it keeps when it is renamed, moved or rewritten.</param>
/// <param name="Name">With its schema, quoted if necessary.</param>
/// <param name="Owner">The role that may replace it.</param>
internal sealed record RelationIdentity(long Oid, string Name, string Owner)
{
    /// <summary>It is the same relation, or its owner has put another one in its place.</summary>
    public bool IsSameAs(RelationIdentity other) => Oid == other.Oid || (Name == other.Name && Owner == other.Owner);
}
