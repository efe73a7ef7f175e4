using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure;

namespace Orders.Tests.Architecture;

/// <summary>Folders refer to each other in one direction. The references are those of the compiled types.</summary>
internal sealed class NamespaceTests
{
    /// <summary>Each namespace and those that it may refer to, beside its own layer's root and the layers below it.</summary>
    private static readonly Dictionary<string, string[]> Neighbours = new()
    {
        ["Orders.Application"] = ["Orders.Application.Overlay"],
        ["Orders.Application.Orders"] = ["Orders.Domain"],
        ["Orders.Application.Lakebase"] = [],
        ["Orders.Application.Overlay"] = [],
        ["Orders.Application.Seeding"] = [],

        ["Orders.Infrastructure.Postgres"] = [],
        ["Orders.Infrastructure.Coalescing"] = ["Orders.Infrastructure.Postgres"],
        ["Orders.Infrastructure.Orders"] =
            [
                "Orders.Application.Orders", "Orders.Domain", "Orders.Infrastructure.Coalescing", "Orders.Infrastructure.Health",
                "Orders.Infrastructure.Postgres",
            ],
        ["Orders.Infrastructure.Schema"] = ["Orders.Infrastructure.Postgres"],
        ["Orders.Infrastructure.Health"] = ["Orders.Infrastructure.Postgres"],
        ["Orders.Infrastructure.Overlay"] =
            ["Orders.Application.Overlay", "Orders.Infrastructure.Health", "Orders.Infrastructure.Postgres"],
        ["Orders.Infrastructure.EmbeddedPostgres"] = ["Orders.Application.Seeding"],
        ["Orders.Infrastructure.Tpch"] = ["Orders.Application.Seeding", "Orders.Infrastructure.Postgres"],
        ["Orders.Infrastructure.Lakebase.Workspace"] = [],
        ["Orders.Infrastructure.Lakebase.Connecting"] = ["Orders.Infrastructure.Lakebase.Workspace", "Orders.Infrastructure.Postgres"],
        ["Orders.Infrastructure.Lakebase.Provisioning"] =
            ["Orders.Application.Lakebase", "Orders.Infrastructure.Lakebase.Connecting", "Orders.Infrastructure.Lakebase.Workspace"],

        ["Orders.Infrastructure.Lakebase"] =
        [
            "Orders.Application.Lakebase", "Orders.Infrastructure.Lakebase.Connecting", "Orders.Infrastructure.Lakebase.Provisioning",
            "Orders.Infrastructure.Lakebase.Workspace", "Orders.Infrastructure.Postgres",
        ],

        ["Orders.Api.Configuration"] = [],
        ["Orders.Api.Telemetry"] = [],
        ["Orders.Api.OpenApi.Attributes"] = [],
        ["Orders.Api.Http"] = ["Orders.Api.OpenApi.Attributes", "Orders.Application.Lakebase", "Orders.Application.Orders"],
        ["Orders.Api.Security"] = ["Orders.Api.Http"],
        ["Orders.Api.Limits"] = ["Orders.Api.Http", "Orders.Api.Security"],
        ["Orders.Api.Orders"] =
            ["Orders.Api.Http", "Orders.Api.Limits", "Orders.Api.OpenApi.Attributes", "Orders.Api.Security", "Orders.Application.Orders", "Orders.Domain"],
        ["Orders.Api.Lakebase"] =
            ["Orders.Api.Http", "Orders.Api.OpenApi.Attributes", "Orders.Application.Lakebase"],
        ["Orders.Api.Management"] = ["Orders.Api.Configuration", "Orders.Api.Http", "Orders.Api.Service"],
        ["Orders.Api.Service"] = ["Orders.Api.Http", "Orders.Api.OpenApi.Attributes"],
        ["Orders.Api.OpenApi"] = ["Orders.Api.Configuration", "Orders.Api.Http", "Orders.Api.Limits", "Orders.Api.OpenApi.Attributes"],
        ["Orders.Api.Commands"] =
            [
                "Orders.Api.Configuration", "Orders.Api.Security", "Orders.Application.Lakebase", "Orders.Application.Overlay",
                "Orders.Application.Seeding",
            ],
    };

    /// <summary>They put the layers together, so they may refer to all of them.</summary>
    private static readonly string[] CompositionRoots = ["", "Orders.Infrastructure"];

    /// <summary>Each reference between namespaces, with one pair of types that makes it.</summary>
    private static readonly Dictionary<(string From, string To), string> Examples = ReadReferences();

    private static readonly IReadOnlyCollection<(string From, string To)> References = Examples.Keys;

    [Test]
    public void A_namespace_refers_only_to_its_allowed_neighbours() => Assert.That(
        References.Where(reference => !IsAllowed(reference.From, reference.To)).Select(reference => $"{reference.From} -> {reference.To}: {Examples[reference]}"),
        Is.Empty);

    [Test]
    public void Namespaces_refer_to_each_other_in_one_direction()
    {
        // A namespace without a reference from or to the rest is in no cycle. What stays at the end are the cycles.
        HashSet<string> rest = [.. References.Select(reference => reference.From)];
        bool IsInRest((string From, string To) reference) => rest.Contains(reference.From) && rest.Contains(reference.To);
        while (rest.RemoveWhere(name => !References.Any(reference => reference.From == name && IsInRest(reference))
                                        || !References.Any(reference => reference.To == name && IsInRest(reference))) > 0)
        {
        }

        Assert.That(rest, Is.Empty);
    }

    [Test]
    public void The_list_of_neighbours_names_only_what_there_is() => Assert.That(
        Neighbours.SelectMany(entry => entry.Value.Select(to => (entry.Key, to))).Where(allowed => !References.Contains(allowed)), Is.Empty);

    private static bool IsAllowed(string from, string to) =>
        CompositionRoots.Contains(from) || to == "Orders.Application" || (Neighbours.TryGetValue(from, out string[]? neighbours) && neighbours.Contains(to));

    private static Dictionary<(string From, string To), string> ReadReferences()
    {
        ArchUnitNET.Domain.Architecture architecture = new ArchLoader()
            .LoadAssemblies(typeof(Order).Assembly, typeof(OrderService).Assembly, typeof(InfrastructureServiceCollectionExtensions).Assembly, typeof(Program).Assembly)
            .Build();
        return architecture.Types
            .SelectMany(type => type.Dependencies)
            .Where(dependency => dependency.Target is not GenericParameter)
            .Select(dependency => (Key: (From: Namespace(dependency.Origin), To: Namespace(dependency.Target)), dependency))
            .Where(reference => reference.Key.From != reference.Key.To && reference.Key.To.StartsWith("Orders.", StringComparison.Ordinal))
            .DistinctBy(reference => reference.Key)
            .ToDictionary(reference => reference.Key, reference => $"{reference.dependency.Origin.Name} uses {reference.dependency.Target.Name}");
    }

    private static string Namespace(IType type) => type.Namespace?.FullName ?? "";
}
