using System.Reflection;
using Orders.Application.Orders;
using Orders.Domain;
using Orders.Infrastructure;

namespace Orders.Tests.Architecture;

/// <summary>What the compiler can't hold: who may refer to whom, and what may be seen from outside.</summary>
internal sealed class LayerTests
{
    private static readonly Assembly Domain = typeof(Order).Assembly;
    private static readonly Assembly Application = typeof(OrderService).Assembly;
    private static readonly Assembly Infrastructure = typeof(InfrastructureServiceCollectionExtensions).Assembly;
    private static readonly Assembly Api = typeof(Program).Assembly;

    [Test]
    public void The_domain_refers_to_nothing_but_the_runtime() =>
        Assert.That(References(Domain), Is.All.StartsWith("System."));

    [Test]
    public void The_application_refers_to_the_domain_alone() =>
        Assert.That(References(Application).Where(name => !name.StartsWith("System.", StringComparison.Ordinal)), Is.EquivalentTo(new[] { "Orders.Domain" }));

    [Test]
    public void The_infrastructure_does_not_know_the_API() => Assert.That(References(Infrastructure), Does.Not.Contain("Orders.Api"));

    [Test]
    public void The_API_speaks_to_the_database_through_the_infrastructure_alone() =>
        Assert.That(References(Api), Does.Not.Contain("Npgsql").And.Not.Contain("Dapper"));

    [Test]
    public void Only_the_extension_class_of_the_infrastructure_is_public() =>
        Assert.That(Infrastructure.GetExportedTypes(), Is.EqualTo(new[] { typeof(InfrastructureServiceCollectionExtensions) }));

    [Test]
    public void Classes_that_nothing_derives_from_are_sealed()
    {
        Type[] types = [.. new[] { Domain, Application, Infrastructure, Api }.SelectMany(assembly => assembly.GetTypes())];
        HashSet<Type?> bases = [.. types.Select(type => type.BaseType)];
        Assert.That(
            types.Where(type => type.IsClass && !type.IsSealed && !bases.Contains(type) && !type.Name.Contains('<', StringComparison.Ordinal)),
            Is.Empty);
    }

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);
}
