using Microsoft.Extensions.DependencyInjection;
using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

/// <summary>What the generator of TPC-H orders offers to the composition root.</summary>
public static class TpchServices
{
    /// <summary>The loader, which takes its connections from the registered <see cref="Npgsql.NpgsqlDataSource"/>.</summary>
    public static IServiceCollection AddTpchOrders(this IServiceCollection services) => services.AddSingleton<IOrderSeeder, OrderSeeder>();

    /// <summary>The writer of files, which needs no service and no database.</summary>
    public static IOrderExporter CreateExporter() => new OrderExporter();
}
