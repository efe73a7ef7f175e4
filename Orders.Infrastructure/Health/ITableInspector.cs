using Npgsql;

namespace Orders.Infrastructure.Health;

/// <summary>Looks at the table of orders: in place, or behind an overlay.</summary>
internal interface ITableInspector
{
    Task<TableReport> InspectAsync(NpgsqlConnection connection, CancellationToken cancellationToken);
}

/// <summary>What is wrong with the table of orders, in a sentence each that says what to do.</summary>
internal sealed record TableReport
{
    public static TableReport Fine { get; } = new();

    /// <summary>Why orders can't be read; null when they can.</summary>
    public string? ReadProblem { get; init; }

    /// <summary>Why statuses can't be changed; null when they can, or when orders can't even be read.</summary>
    public string? ChangeProblem { get; init; }

    /// <summary>Some of the rows are on another server, whose locks can't be skipped.</summary>
    public bool HasForeignRows { get; init; }

    /// <summary>Why the server takes no changes at present; null when it does. That is up to the server, and not to the table.</summary>
    public string? ServerProblem { get; init; }

    /// <summary>What keeps statements that change statuses from running.</summary>
    public string? TableProblem => ReadProblem ?? ChangeProblem;

    /// <summary>What keeps the service from its work.</summary>
    public string? Problem => TableProblem ?? ServerProblem;
}
