using Npgsql;

namespace Orders.Infrastructure.Health;

/// <summary>Looks at the table of orders: in place, or behind an overlay.</summary>
internal interface ITableInspector
{
    Task<TableReport> InspectAsync(NpgsqlConnection connection, CancellationToken cancellationToken);
}

/// <summary>What is wrong with the table of orders, in sentences that say what to do.</summary>
internal sealed record TableReport
{
    public static TableReport Fine { get; } = new();

    /// <summary>What the name leads to; null when that is not known.</summary>
    public RelationIdentity? Relation { get; init; }

    /// <summary>Why orders can't be read; null when they can.</summary>
    public TableProblem? ReadProblem { get; init; }

    /// <summary>Why statuses can't be changed; null when they can, or when orders can't even be read.</summary>
    public TableProblem? ChangeProblem { get; init; }

    /// <summary>Some of the rows are on another server, whose locks can't be skipped.</summary>
    public bool HasForeignRows { get; init; }

    /// <summary>Why the server takes no changes at present; null when it does. That is up to the server, and not to the table.</summary>
    public TableProblem? ServerProblem { get; init; }

    /// <summary>What keeps statements that change statuses from running.</summary>
    public TableProblem? TableProblem => ReadProblem ?? ChangeProblem;

    /// <summary>What keeps the service from its work.</summary>
    public TableProblem? Problem => TableProblem ?? ServerProblem;
}

/// <summary>Something that is wrong with the table of orders, or is missing.</summary>
/// <param name="Reason">For everybody: without a statement, a role or a schema.</param>
/// <param name="Hint">For the operator: what to run, and where; null when the reason is enough.</param>
internal sealed record TableProblem(string Reason, string? Hint = null)
{
    /// <summary>The reason followed by the hint, if there is one.</summary>
    public string Sentence => Hint is null ? Reason : $"{Reason} {Hint}";

    public override string ToString() => Sentence;
}
